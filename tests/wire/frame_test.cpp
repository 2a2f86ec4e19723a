// SPDX-License-Identifier: Apache-2.0
#include "messages/limits.hpp"
#include "messages/wire/frame.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <vector>

using namespace argentum;
using step = wire::frame_reader::step;

namespace {

std::string frame_of(const std::string& payload) {
  auto frame = std::string(wire::frame_header_bytes, '\0') + payload;
  wire::seal_frame(frame);
  return frame;
}

std::string header(std::uint32_t length) {
  std::string out(wire::frame_header_bytes, '\0');
  for (int i = 0; i < 4; ++i) out[static_cast<std::size_t>(i)] = static_cast<char>(length >> (8 * i));
  return out;
}

struct outcome {
  std::vector<std::string> payloads;
  bool corrupt = false;
  std::size_t room_max = 0; ///< largest buffer offered
};

/// Feeds the stream in pieces of at most `piece` bytes.
outcome feed(wire::frame_reader& reader, std::string_view stream, std::size_t piece) {
  outcome out;
  while (!stream.empty()) {
    auto room = reader.prepare();
    out.room_max = std::max(out.room_max, room.size());
    auto size = std::min({piece, room.size(), stream.size()});
    std::memcpy(room.data(), stream.data(), size);
    reader.commit(size);
    stream.remove_prefix(size);
    std::string_view payload;
    step got;
    while ((got = reader.next(payload)) == step::frame) out.payloads.emplace_back(payload);
    if (got == step::corrupt) {
      out.corrupt = true;
      return out;
    }
  }
  return out;
}

outcome feed(std::string_view stream, std::size_t piece) {
  wire::frame_reader reader;
  return feed(reader, stream, piece);
}

} // namespace

TEST_CASE("frames come out as they went in, whatever the pieces") {
  std::mt19937_64 random{test::random_seed("frames")};
  std::vector<std::string> payloads{"a", std::string(3, '\0'), std::string(wire::frame_reader::buffer_bytes, 'b'),
                                    std::string(wire::frame_reader::buffer_bytes - 8, 'c'),
                                    std::string(5'000'000, 'd')};
  for (int i = 0; i < 200; ++i) payloads.emplace_back(1 + random() % 2000, static_cast<char>(random()));
  std::shuffle(payloads.begin(), payloads.end(), random);
  std::string stream;
  for (const auto& payload : payloads) stream += frame_of(payload);
  for (std::size_t piece : {std::size_t{997}, std::size_t{65'536}, stream.size()}) {
    auto got = feed(stream, piece);
    CHECK_FALSE(got.corrupt);
    CHECK(got.payloads == payloads);
  }
  auto small = frame_of("one") + frame_of("2") + frame_of("three");
  CHECK(feed(small, 1).payloads == std::vector<std::string>{"one", "2", "three"});
}

TEST_CASE("the largest frame passes, a longer one is refused from its header alone") {
  std::string payload(limits::frame_bytes_max, 'x');
  auto got = feed(frame_of(payload), std::size_t{1} << 20);
  REQUIRE(got.payloads.size() == 1);
  CHECK(got.payloads[0] == payload);
  CHECK(feed(header(limits::frame_bytes_max + 1), 8).corrupt);
  CHECK(feed(header(0xffffffff), 8).corrupt);
  CHECK(feed(std::string(8, '\0'), 8).corrupt);
}

TEST_CASE("a damaged byte anywhere is noticed") {
  const auto good = frame_of("a payload with some length");
  for (std::size_t at = 0; at < good.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      auto bad = good;
      bad[at] = static_cast<char>(bad[at] ^ (1 << bit));
      // What follows completes the frame if its length grew.
      auto got = feed(bad + std::string(300, 'z'), 1000);
      CHECK(got.payloads.empty());
    }
}

TEST_CASE("a cut frame is not given out") {
  const auto good = frame_of("a payload");
  for (std::size_t size = 0; size < good.size(); ++size) {
    auto got = feed(good.substr(0, size), 1000);
    CHECK(got.payloads.empty());
    CHECK_FALSE(got.corrupt);
  }
}

TEST_CASE("an announced length reserves little, and a large frame's memory is given back") {
  wire::frame_reader reader;
  feed(reader, header(limits::frame_bytes_max), 8);
  CHECK(reader.prepare().size() <= wire::frame_reader::trusted_bytes);
  feed(reader, std::string(64, 'x'), 64);

  wire::frame_reader other;
  auto got = feed(other, frame_of(std::string(10'000'000, 'x')), std::size_t{1} << 20);
  CHECK(got.payloads.size() == 1);
  CHECK(got.room_max < 10'000'000);
  CHECK(other.prepare().size() == wire::frame_reader::buffer_bytes);
}
