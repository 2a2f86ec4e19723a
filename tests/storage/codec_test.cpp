// SPDX-License-Identifier: Apache-2.0
// The bytes on disk: round trips, refusal of anything else, and the order of keys.
#include "storage/key_codec.hpp"
#include "storage/record.hpp"
#include "storage/store_state.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace argentum;
using namespace argentum::storage;

namespace {

std::string random_key(std::mt19937_64& random) {
  static constexpr char letters[] = {'\0', '\x01', 'a', '\xfe', '\xff'};
  std::string out(random() % 5, ' ');
  for (auto& byte : out) byte = letters[random() % 5];
  return out;
}

} // namespace

TEST_CASE("history keys sort by key, then by index, and no key's prefix starts another's") {
  std::mt19937_64 random{test::random_seed("history keys")};
  for (int round = 0; round < 20'000; ++round) {
    std::pair<std::string, index_t> a{random_key(random), random() % 300}, b{random_key(random), random() % 300};
    CHECK((a < b) == (history_key(a.first, a.second) < history_key(b.first, b.second)));
    CHECK(history_key(b.first, b.second).starts_with(history_prefix(a.first)) == (a.first == b.first));
  }
}

TEST_CASE("log keys sort by index") {
  for (index_t at : {1ull, 255ull, 256ull, 1ull << 40}) {
    CHECK(log_key(at - 1) < log_key(at));
    index_t back = 0;
    CHECK(read_log_key(log_key(at), back));
    CHECK(back == at);
  }
  index_t back = 0;
  CHECK_FALSE(read_log_key("short", back));
  CHECK_FALSE(read_log_key("longer than it", back));
}

TEST_CASE("a record keeps version, value, last access and tombstone apart") {
  const std::string value{"v\0w", 3};
  for (record_view in :
       {record_view{1, false, std::nullopt, value}, record_view{~index_t{0}, false, 77u, value},
        record_view{300, false, 5u, std::nullopt}, record_view{300, true, std::nullopt, std::nullopt},
        record_view{1, false, 0u, std::string_view{}}}) {
    auto bytes = encode_record_head(in);
    if (in.value) bytes.append(*in.value);
    auto out = decode_record(bytes);
    REQUIRE(out);
    CHECK(out->version == in.version);
    CHECK(out->tombstone == in.tombstone);
    CHECK(out->last_access == in.last_access);
    CHECK(out->value == in.value);
    for (std::size_t cut = 0; cut < encode_record_head(in).size(); ++cut)
      CHECK_FALSE(decode_record(bytes.substr(0, cut)));
    if (!in.value) CHECK_FALSE(decode_record(bytes + "x"));
    bytes[0] = 9;
    CHECK_FALSE(decode_record(bytes));
  }
}

TEST_CASE("state and import records survive encoding and are refused when cut") {
  store_state state{{1, 2}, instance_role::proxy, {3, 4, 5}, stamp_t{std::chrono::seconds{6}}, {1, 2, 3}, 8, 9};
  auto bytes = encode_state(state);
  CHECK(decode_state(bytes) == state);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) CHECK_FALSE(decode_state(bytes.substr(0, cut)));
  CHECK_FALSE(decode_state(bytes + "x"));
  import_record import{{{1, 2}, {3, 4, 5}, stamp_t{std::chrono::seconds{6}}, 7}, 8, "key"};
  bytes = encode_import(import);
  auto out = decode_import(bytes);
  REQUIRE(out);
  CHECK(out->header == import.header);
  CHECK(out->count == 8);
  CHECK(out->last_key == "key");
  CHECK_FALSE(decode_import(bytes.substr(0, bytes.size() - 4)));
}
