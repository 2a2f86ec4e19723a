// SPDX-License-Identifier: Apache-2.0
#include "messages/oracle_limits.hpp"
#include "messages/wire/codec.hpp"
#include "tests/support/random.hpp"
#include "tests/wire/random_messages.hpp"

#include <doctest/doctest.h>

using namespace argentum;

namespace {

peer_message round_trip(const peer_message& message, bool compress = false) {
  auto decoded = wire::decode(wire::encode(message, compress));
  REQUIRE(decoded);
  return *decoded;
}

bool refused(const peer_message& message) {
  auto decoded = wire::decode(wire::encode(message, false));
  return !decoded && code_of(decoded.error()) == errc::corrupt;
}

/// Envelope {arm `field`: `content`}, with lengths below 128.
std::string envelope(int field, const std::string& content) {
  std::string out;
  int tag = field << 3 | 2;
  if (tag >= 0x80) {
    out.push_back(static_cast<char>((tag & 0x7f) | 0x80));
    out.push_back(static_cast<char>(tag >> 7));
  } else {
    out.push_back(static_cast<char>(tag));
  }
  out.push_back(static_cast<char>(content.size()));
  return out + content;
}

entry_batch batch_of(std::size_t count, std::size_t bytes_each) {
  auto run = std::make_shared<std::vector<log_record>>();
  for (std::size_t i = 0; i < count; ++i) run->push_back({i + 1, i * 7, std::string(bytes_each, 'v')});
  return {run};
}

} // namespace

TEST_CASE("every kind survives the round trip, with and without compression") {
  test::message_source source{test::random_seed("codec round trip")};
  for (std::size_t arm = 0; arm < test::peer_arms; ++arm)
    for (int round = 0; round < 100; ++round) {
      auto message = source.make(arm);
      REQUIRE(message.body.index() == arm);
      CAPTURE(arm);
      REQUIRE(test::equal(round_trip(message, false), message));
      REQUIRE(test::equal(round_trip(message, true), message));
    }
}

TEST_CASE("empty messages survive the round trip") {
  CHECK(test::equal(round_trip({"", snapshot_chunk{{}, true}}), {"", snapshot_chunk{{}, true}}));
  CHECK(test::equal(round_trip({"", lookup_request{}}), {"", lookup_request{}}));
  CHECK(test::equal(round_trip({"", lookup_response{}}), {"", lookup_response{}}));
  CHECK(test::equal(round_trip({"", heartbeat{}}), {"", heartbeat{}}));
  CHECK(test::equal(round_trip({"i", hello{}}), {"i", hello{}}));
  CHECK(test::equal(round_trip({"i", batch_of(1, 0)}), {"i", batch_of(1, 0)}));
}

TEST_CASE("room is left in front, for a frame header") {
  peer_message message{"dns", ping{7}};
  auto plain = wire::encode(message, false);
  CHECK(wire::encode(message, false, 8) == std::string(8, '\0') + plain);
}

TEST_CASE("lists are compressed only if allowed, large enough and smaller for it") {
  peer_message large{"dns", batch_of(100, 100)};
  CHECK(wire::encode(large, false).size() > 10'000);
  CHECK(wire::encode(large, true).size() < 1'000);
  peer_message small{"dns", batch_of(1, limits::compress_bytes_min - 100)};
  CHECK(wire::encode(small, true) == wire::encode(small, false));

  test::message_source source{1};
  std::string noise(100'000, '\0');
  for (auto& byte : noise) byte = static_cast<char>(source.below(256));
  peer_message random{"dns", snapshot_chunk{{{"key", 1, noise}}, true}};
  CHECK(wire::encode(random, true) == wire::encode(random, false));
}

TEST_CASE("a kind of a newer protocol is unknown, not an error") {
  auto decoded = wire::decode(envelope(1, "dns") + envelope(100, "whatever"));
  REQUIRE(decoded);
  CHECK(decoded->instance == "dns");
  CHECK(std::holds_alternative<unknown_message>(decoded->body));
}

TEST_CASE("an unknown field of a known kind is ignored") {
  auto pong_and_more = envelope(5, std::string("\x09\x05\0\0\0\0\0\0\0", 9) + "\x78\x01");
  auto decoded = wire::decode(pong_and_more);
  REQUIRE(decoded);
  REQUIRE(std::holds_alternative<pong>(decoded->body));
  CHECK(std::get<pong>(decoded->body).token == 5);
}

TEST_CASE("values out of range are refused") {
  CHECK(refused({"", hello{3, 2, "n", 1, node_role::leaf, "", true}}));
  CHECK(refused({"", hello{1, 1, "n", 1, static_cast<node_role>(4), "", true}}));
  CHECK(refused({"", hello{1, 1, "n", 1, static_cast<node_role>(0), "", true}}));
  CHECK(refused({"", hello{1, 1, std::string(limits::name_bytes_max + 1, 'n'), 1, node_role::leaf, "", true}}));
  CHECK(refused({"", hello{1, 1, "n", 1, node_role::leaf, std::string(limits::name_bytes_max + 1, 'd'), true}}));
  CHECK(refused({std::string(limits::name_bytes_max + 1, 'i'), ping{1}}));
  CHECK(refused({"i", subscribe_request{{}, static_cast<instance_role>(3), {}, 0, {}, {}}}));
  CHECK(refused({"i", subscribe_reply{static_cast<subscribe_verdict>(9), {}, {}, {}, {}}}));
  CHECK(refused({"i", snapshot_request{static_cast<instance_role>(0), 0, 0, ""}}));
  CHECK(refused({"", nearest_reply{std::vector<nearest_reply::group>(limits::near_groups_max + 1), {}}}));
  CHECK(refused({"", nearest_reply{{{"d", {}, std::vector<contact>(limits::near_contacts_max + 1)}}, {}}}));
  CHECK(refused({"", nearest_reply{{}, {{"i", {"n", std::string(limits::address_bytes_max + 1, 'a')}}}}}));
  CHECK(refused({"", register_replica{{}, std::vector<std::string>(limits::instances_max + 1), {}}}));
  CHECK(refused({"", admin_request{1, std::vector<std::string>(limits::admin_words_max + 1)}}));
  CHECK(refused({"", admin_request{1, {std::string(limits::admin_word_bytes_max + 1, 'w')}}}));
  CHECK(refused({"", admin_reply{1, static_cast<admin_part>(5), "", ""}}));
  CHECK(
      refused({"", admin_reply{1, admin_part::done, "", std::string(limits::admin_document_bytes_max + 1, 'd')}}));
  CHECK(refused({"i", heartbeat{0, {}, {}, 0, std::vector<std::string>(limits::path_nodes_max + 1)}}));
  CHECK(refused({"i", lookup_request{1, std::vector<lookup_item>(limits::lookup_keys_max + 1), {}}}));
  CHECK(refused({"i", lookup_request{1, {}, std::vector<position>(limits::lookup_positions_max + 1)}}));
  CHECK(refused({"i", lookup_response{1, 1, std::vector<lookup_answer>(limits::lookup_keys_max)}}));
  CHECK(refused({"i", lookup_response{1, 0, {{static_cast<lookup_status>(8), 0, ""}}}}));
}

TEST_CASE("batches without entries, or with impossible indexes, are refused") {
  CHECK_FALSE(wire::decode(envelope(8, "")));                                         // nothing in it
  auto run = std::make_shared<std::vector<log_record>>(1, log_record{0, 1, "entry"}); // index 0
  CHECK(refused({"i", entry_batch{run}}));
  auto last = std::make_shared<std::vector<log_record>>(2, log_record{~0ull, 1, "entry"}); // past the end
  CHECK(refused({"i", entry_batch{last}}));
}

TEST_CASE("a long reason is cut, so that the goodbye arrives") {
  auto got = round_trip({"", goodbye{std::string(100'000, 'x')}});
  CHECK(std::get<goodbye>(got.body).reason.size() == limits::reason_bytes_max);
}

TEST_CASE("announced sizes and counts beyond the bytes reserve nothing and are refused") {
  // snapshot_chunk { records { data: "", compression: zstd, raw_bytes: 2^40 } }
  CHECK_FALSE(wire::decode(envelope(15, envelope(1, "\x10\x01\x18\x80\x80\x80\x80\x80\x20"))));
  // snapshot_chunk { records { data: "abc", count: 2^32 - 1 } }
  CHECK_FALSE(wire::decode(envelope(15, envelope(1, envelope(1, "abc") + "\x20\xff\xff\xff\xff\x0f"))));
  // an unknown compression
  CHECK_FALSE(wire::decode(envelope(15, envelope(1, "\x10\x02"))));
  // zstd that is none
  CHECK_FALSE(
      wire::decode(envelope(15, envelope(1, envelope(1, "abc") + std::string("\x10\x01\x18\x03\x20\x01")))));
}

TEST_CASE("a message cut anywhere never decodes to a different list") {
  peer_message message{"dns", batch_of(3, 20)};
  auto bytes = wire::encode(message, false);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    auto decoded = wire::decode(std::string_view{bytes}.substr(0, size));
    if (decoded) CHECK(std::holds_alternative<unknown_message>(decoded->body)); // the instance name alone
  }
}
