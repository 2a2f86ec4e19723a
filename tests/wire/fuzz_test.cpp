// SPDX-License-Identifier: Apache-2.0
// Damaged messages and streams: whatever comes, the answer is a message or an error, never a crash (sanitizers make
// this test sharper), and what decodes can be encoded again. Longer runs: tools/fuzz.
#include "messages/wire/codec.hpp"
#include "messages/wire/frame.hpp"
#include "tests/support/random.hpp"
#include "tests/wire/random_messages.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>

using namespace argentum;

namespace {

/// One to eight changes: a byte flipped, set, removed or put in, a part repeated, the end cut.
void damage(std::string& bytes, test::message_source& source) {
  for (auto changes = 1 + source.below(8); changes > 0 && !bytes.empty(); --changes) {
    auto at = source.below(bytes.size());
    switch (source.below(6)) {
    case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << source.below(8))); break;
    case 1: bytes[at] = static_cast<char>("\x00\x01\x7f\x80\xff"[source.below(5)]); break;
    case 2: bytes.erase(at, 1 + source.below(4)); break;
    case 3: bytes.insert(at, 1 + source.below(4), static_cast<char>(source.below(256))); break;
    case 4: bytes.insert(at, bytes.substr(source.below(bytes.size()), source.below(40))); break;
    case 5: bytes.resize(at); break;
    }
  }
}

void must_survive(const std::string& bytes) {
  auto decoded = wire::decode(bytes);
  if (!decoded) {
    REQUIRE(code_of(decoded.error()) == errc::corrupt);
    return;
  }
  auto again = wire::decode(wire::encode(*decoded, true));
  REQUIRE(again);
  REQUIRE(test::equal(*again, *decoded));
}

} // namespace

TEST_CASE("damaged messages are refused or understood") {
  test::message_source source{test::random_seed("damaged messages")};
  for (int round = 0; round < 20'000; ++round) {
    auto bytes = wire::encode(source.make(source.below(test::peer_arms)), source.below(2) == 0);
    damage(bytes, source);
    must_survive(bytes);
  }
}

TEST_CASE("noise is refused or understood") {
  test::message_source source{test::random_seed("noise")};
  for (int round = 0; round < 20'000; ++round) must_survive(source.bytes(200));
}

TEST_CASE("damaged streams never give out a frame that was not sent") {
  test::message_source source{test::random_seed("damaged streams")};
  for (int round = 0; round < 500; ++round) {
    std::vector<std::string> sent;
    std::string stream;
    for (int i = 0; i < 10; ++i) {
      auto frame = wire::encode(source.make(source.below(test::peer_arms)), false, wire::frame_header_bytes);
      wire::seal_frame(frame);
      sent.push_back(frame.substr(wire::frame_header_bytes));
      stream += frame;
    }
    damage(stream, source);
    wire::frame_reader reader;
    std::string_view rest = stream;
    std::string_view payload;
    auto got = wire::frame_reader::step::more;
    while (!rest.empty() && got == wire::frame_reader::step::more) {
      auto room = reader.prepare();
      auto size = std::min({room.size(), rest.size(), std::size_t{1} + source.below(5000)});
      std::memcpy(room.data(), rest.data(), size);
      reader.commit(size);
      rest.remove_prefix(size);
      while ((got = reader.next(payload)) == wire::frame_reader::step::frame)
        REQUIRE(std::find(sent.begin(), sent.end(), payload) != sent.end());
    }
  }
}
