// SPDX-License-Identifier: Apache-2.0
// Full copies: when the log does not reach back any more.
#include "tests/actors/tree.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace std::chrono_literals;

namespace {

constexpr storage::log_retention short_log{std::chrono::hours{1}, 1000};

/// A root with about 16 MiB of data and no log of it.
void add_large_root(test::tree& t) {
  t.add("root", {.log = short_log});
  t.fill("root", 0, 64, 256 * limits::kib);
  t.system.advance(2s);
  REQUIRE(t.at("root").metrics->log_base_index.value() >= 60);
}

/// Counts and watches chunks; `at` gets the number of each chunk.
auto on_chunk(std::function<void(int, snapshot_chunk&)> at) {
  return [at, count = std::make_shared<int>(0)](const auto&, const auto&, peer_message& message) {
    if (auto* chunk = std::get_if<snapshot_chunk>(&message.body)) at(++*count, *chunk);
    return true;
  };
}

} // namespace

TEST_CASE("a node for which the log is too short gets a full copy, then follows") {
  test::tree t;
  add_large_root(t);
  int chunks = 0;
  t.network.on_message = on_chunk([&](int, snapshot_chunk&) { ++chunks; });
  t.add("leaf", {.upstreams = {"root"}});
  t.system.advance(2s);
  CHECK(chunks >= 16);
  CHECK(t.level("root", "leaf"));
  CHECK(t.at("leaf").metrics->bootstrapping.value() == 0);
  CHECK(t.at("leaf").metrics->upstream_connected.value() == 1);
  CHECK(t.at("leaf").metrics->snapshots_received.value() == 1);
  CHECK(t.put("root", "after", "x") == 65);
  CHECK(t.value("leaf", "after") == "x");
}

TEST_CASE("what is written during the copy is kept in the log until the receiver has subscribed again") {
  test::tree t;
  add_large_root(t);
  t.network.on_message = on_chunk([&](int number, snapshot_chunk&) {
    if (number != 3) return;
    for (int i = 0; i < 2000; ++i)
      caf::anon_send(t.at("root").sequencer, write_command{{put_op{"during" + std::to_string(i), "xxxxxxxx"}}, {}});
  });
  t.add("leaf", {.upstreams = {"root"}});
  t.system.settle();
  t.system.advance(5s);
  CHECK(t.level("root", "leaf"));
  CHECK(t.at("leaf").metrics->snapshots_received.value() == 1);
  t.system.advance(5s); // the pin is gone with the subscription
  CHECK(t.at("root").metrics->log_base_index.value() >= 64 + 1800);
}

TEST_CASE("a copy that was cut goes on where it stopped, and the old data serves meanwhile") {
  test::tree t;
  t.add("root", {.log = short_log});
  t.add("leaf", {.upstreams = {"root"}});
  t.put("root", "old", "1");
  t.system.advance(1s);
  t.stop("leaf");
  t.fill("root", 0, 64, 256 * limits::kib);
  t.system.advance(2s);
  std::string last_seen, first_after;
  int chunks = 0;
  bool cut = false;
  t.network.on_message = on_chunk([&](int number, snapshot_chunk& chunk) {
    ++chunks;
    if (cut && first_after.empty()) first_after = chunk.records.front().key;
    if (!cut) last_seen = chunk.records.back().key;
    if (number != 8) return;
    cut = true;
    t.network.cut("root", "leaf");
  });
  t.start("leaf");
  t.system.settle();
  REQUIRE(cut);
  CHECK(t.value("leaf", "old") == "1");
  CHECK(t.applied("leaf") == 1);
  t.system.advance(10s);
  CHECK(t.level("root", "leaf"));
  CHECK(first_after > "key0");
  CHECK(chunks < 26); // not all over again
  CHECK(t.at("root").metrics->snapshots_sent.value() == 1);
}

TEST_CASE("a copy goes on after a restart of the receiver") {
  test::tree t;
  add_large_root(t);
  int chunks = 0;
  bool stop = false;
  t.network.on_message = on_chunk([&](int number, snapshot_chunk&) {
    ++chunks;
    stop = stop || number == 8;
  });
  t.add("leaf", {.upstreams = {"root"}});
  while (!stop && t.system.step()) {
  }
  t.stop("leaf");
  t.start("leaf");
  t.system.advance(5s);
  CHECK(t.level("root", "leaf"));
  CHECK(chunks < 28);
}

TEST_CASE("when the copy to go on with is gone, it starts over") {
  test::tree t;
  add_large_root(t);
  t.network.on_message = on_chunk([&](int number, snapshot_chunk&) {
    if (number == 8) t.network.isolate("leaf");
  });
  t.add("leaf", {.upstreams = {"root"}});
  t.system.advance(limits::export_grace + 5s);
  t.fill("root", 100, 64, 1000);
  t.network.reconnect("leaf");
  t.system.advance(10s);
  CHECK(t.level("root", "leaf"));
}

TEST_CASE("a proxy's copy carries no values") {
  test::tree t;
  add_large_root(t);
  std::size_t value_bytes = 0;
  t.network.on_message = on_chunk([&](int, snapshot_chunk& chunk) {
    for (const auto& record : chunk.records) value_bytes += record.value.size();
  });
  t.add("proxy", {.upstreams = {"root"}, .role = instance_role::proxy});
  t.system.advance(2s);
  CHECK(value_bytes == 0);
  CHECK(t.digest("proxy").keys == t.digest("root").keys);
  CHECK(t.digest("proxy").key_count == 64);
}

TEST_CASE("one copy at a time: the others wait, are told so, and get theirs") {
  test::tree t;
  add_large_root(t);
  std::vector<std::pair<std::string, std::uint32_t>> waits;
  std::string receiving;
  bool mixed = false;
  t.network.on_message = [&](const auto&, const auto& to, peer_message& message) {
    if (auto* wait = std::get_if<snapshot_wait>(&message.body)) waits.emplace_back(to, wait->ahead);
    if (std::holds_alternative<snapshot_begin>(message.body)) {
      mixed = mixed || !receiving.empty();
      receiving = to;
    }
    if (auto* chunk = std::get_if<snapshot_chunk>(&message.body); chunk != nullptr && chunk->last)
      receiving.clear();
    return true;
  };
  t.add("a", {.upstreams = {"root"}});
  t.add("b", {.upstreams = {"root"}});
  t.add("c", {.upstreams = {"root"}, .role = instance_role::proxy});
  t.system.advance(10s);
  CHECK(t.level("root", "a"));
  CHECK(t.level("root", "b"));
  CHECK(t.digest("c").keys == t.digest("root").keys);
  CHECK_FALSE(mixed);
  REQUIRE(waits.size() >= 3);
  CHECK(waits[0].second == 1);
  CHECK(waits[1].second == 2);
  CHECK(waits[2].second == 1); // moved up
}

TEST_CASE("a receiver that takes nothing gives its place away after a while") {
  test::tree t;
  add_large_root(t);
  t.add("stalled", {.upstreams = {"root"}, .stale_after = std::chrono::hours{1}});
  t.network.on_message = on_chunk([&](int number, snapshot_chunk&) {
    if (number == 3) t.network.stall("stalled");
  });
  t.system.settle();
  t.add("b", {.upstreams = {"root"}});
  t.system.advance(limits::export_grace / 2);
  CHECK(t.applied("b") == 0);
  t.system.advance(limits::export_grace);
  CHECK(t.level("root", "b"));
  t.network.resume("stalled");
  t.system.advance(20s);
  CHECK(t.level("root", "stalled"));
}

TEST_CASE("a copy that arrives out of order is refused") {
  test::tree t;
  add_large_root(t);
  bool swapped = false;
  t.network.on_message = on_chunk([&](int number, snapshot_chunk& chunk) {
    if (number != 2) return;
    swapped = true;
    std::swap(chunk.records.front(), chunk.records.back());
  });
  t.add("leaf", {.upstreams = {"root"}});
  t.system.settle();
  CHECK(swapped);
  CHECK(t.applied("leaf") == 0);
  CHECK(t.at("leaf").metrics->last_error.value().starts_with("protocol"));
  t.system.advance(5s);
  CHECK(t.level("root", "leaf"));
}

TEST_CASE(
    "data of another role serve until a copy for the new role is complete, whatever the log reaches back to") {
  auto before = instance_role::replica;
  auto after = instance_role::proxy;
  SUBCASE("a replica becomes a proxy") {}
  SUBCASE("a proxy becomes a replica") {
    std::swap(before, after);
  }
  test::tree t;
  t.add("root");
  t.add("leaf", {.upstreams = {"root"}, .role = before});
  t.put("root", "a", "1");
  t.system.advance(1s);
  t.stop("leaf");
  t.put("root", "b", "2");
  auto& leaf = t.at("leaf");
  leaf.shape.role = after;
  bool served_meanwhile = false;
  t.network.on_message = on_chunk([&](int, snapshot_chunk&) { served_meanwhile = t.value("leaf", "a") == "1"; });
  t.start("leaf");
  t.system.advance(1s);
  CHECK(served_meanwhile);
  CHECK(leaf.metrics->snapshots_received.value() == 1);
  CHECK(t.applied("leaf") == 2);
  CHECK(t.value("leaf", "a") == (after == instance_role::replica ? "1" : "")); // a proxy's copy has no values
  t.put("root", "c", "3");
  t.system.advance(1s);
  CHECK(t.value("leaf", "c") == "3");
  t.stop("leaf");
  t.start("leaf");
  t.system.advance(1s);
  CHECK(leaf.metrics->snapshots_received.value() == 0);
}

TEST_CASE("who has a proxy's data yet serves no downstream: it goes to the next upstream") {
  test::tree t;
  t.add("root");
  t.add("a", {.upstreams = {"root"}, .role = instance_role::proxy});
  t.put("root", "k", "1");
  t.system.advance(1s);
  t.stop("a");
  t.at("a").shape.role = instance_role::replica;
  t.network.on_message = [](const auto&, const auto&, peer_message& message) {
    return !std::holds_alternative<snapshot_chunk>(message.body); // its copy never comes
  };
  t.start("a");
  t.add("leaf", {.upstreams = {"a", "root"}});
  t.system.advance(1s);
  CHECK(t.at("leaf").metrics->upstream.value() == "root");
  CHECK(t.level("root", "leaf"));
}

TEST_CASE("a role changes while the node follows; those below it go elsewhere, if it becomes a proxy") {
  test::tree t;
  t.add("root");
  t.add("leaf", {.upstreams = {"root"}});
  t.add("below", {.upstreams = {"leaf", "root"}});
  t.put("root", "a", "1");
  t.system.advance(1s);
  auto& leaf = t.at("leaf");
  auto change = [&](instance_role role) {
    auto reached = std::make_shared<bool>(false);
    caf::anon_send(leaf.store, take_role{role, reply_to<instance_role>{[reached](const auto& now) {
                                           *reached = static_cast<bool>(now);
                                         }}});
    t.system.tell(leaf.sink, follow_as{role, role == instance_role::replica ? leaf.source : source_port{}});
    return reached;
  };
  auto reached = change(instance_role::proxy);
  CHECK(leaf.metrics->replica_data.value() == 0);
  CHECK_FALSE(*reached); // whether somebody reads the old data yet is looked at later
  t.system.advance(2s);
  CHECK(*reached);
  t.put("root", "b", "2");
  t.system.advance(3s);
  CHECK(t.at("below").metrics->upstream.value() == "root");
  CHECK(t.value("leaf", "b") == "2");
  CHECK(t.value("leaf", "a") == ""); // a proxy's copy has no values

  auto given_up = change(instance_role::replica);
  reached = change(instance_role::proxy);
  t.system.advance(5s);
  CHECK_FALSE(*given_up);
  CHECK(*reached);
  reached = change(instance_role::replica);
  t.system.advance(5s);
  CHECK(*reached);
  CHECK(t.level("root", "leaf"));
}
