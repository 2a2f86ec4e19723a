// SPDX-License-Identifier: Apache-2.0
#include "messages/chain.hpp"
#include "messages/entry_codec.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

using namespace argentum;

namespace {

entry sample() {
  return {3,
          7,
          stamp_t{std::chrono::microseconds{1'700'000'000'000'000}},
          {{mutation_kind::create, "a", ""},
           {mutation_kind::update, std::string{"\0\xff", 2}, std::string(1000, 'x')},
           {mutation_kind::remove, "gone", ""}}};
}

} // namespace

TEST_CASE("an entry survives encoding, binary and empty values too") {
  CHECK(decode_entry(encode_entry(sample())) == sample());
}

TEST_CASE("an entry cut short anywhere, or with a byte too many, is refused") {
  auto bytes = encode_entry(sample());
  for (std::size_t n = 0; n < bytes.size(); ++n) CHECK_FALSE(decode_entry(bytes.substr(0, n)));
  CHECK_FALSE(decode_entry(bytes + "x"));
}

TEST_CASE("random bytes are refused or decoded, never read past their end") {
  std::mt19937_64 random{test::random_seed("entry bytes")};
  for (int round = 0; round < 20'000; ++round) {
    auto bytes = encode_entry(sample()).substr(0, 80);
    for (auto flips = random() % 4 + 1; flips-- > 0;) bytes[random() % bytes.size()] = static_cast<char>(random());
    if (auto read = decode_entry(bytes)) CHECK(decode_entry(encode_entry(*read)) == read);
  }
}

TEST_CASE("the chain depends on the bytes and on what came before") {
  CHECK(extend_chain(0, "a") != extend_chain(0, "b"));
  CHECK(extend_chain(extend_chain(0, "a"), "b") != extend_chain(extend_chain(0, "b"), "a"));
}
