// SPDX-License-Identifier: Apache-2.0
// Which upstream a sink follows, and when it leaves one.
#include "tests/actors/tree.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace std::chrono_literals;

TEST_CASE("when the upstream is gone, the next in the list is followed from the same index") {
  test::tree t;
  t.add("root");
  t.add("a", {.upstreams = {"root"}});
  t.add("b", {.upstreams = {"root"}});
  t.system.advance(1s); // both follow
  t.add("leaf", {.upstreams = {"a", "b"}});
  t.fill("root", 0, 50);
  t.system.advance(10s);
  CHECK(t.at("leaf").metrics->upstream.value() == "a");
  t.network.isolate("a");
  t.fill("root", 50, 50);
  t.system.advance(1s);
  CHECK(t.at("leaf").metrics->upstream.value() == "b");
  CHECK(t.at("leaf").metrics->upstream_switches.value() == 1);
  CHECK(t.level("root", "leaf"));
  CHECK(t.at("leaf").metrics->snapshots_received.value() == 0);
}

TEST_CASE("a link that is cut is made again with the same upstream") {
  test::tree t;
  t.add("root");
  t.add("a", {.upstreams = {"root"}});
  t.add("b", {.upstreams = {"root"}});
  t.system.advance(1s); // both follow
  t.add("leaf", {.upstreams = {"a", "b"}});
  t.system.advance(10s);
  t.network.cut("leaf", "a");
  t.system.settle();
  CHECK(t.at("leaf").metrics->upstream_connected.value() == 0);
  t.system.advance(1s);
  CHECK(t.at("leaf").metrics->upstream_connected.value() == 1);
  CHECK(t.at("leaf").metrics->upstream.value() == "a");
  CHECK(t.at("leaf").metrics->upstream_switches.value() == 0);
}

TEST_CASE("an upstream without news of the root is left for another") {
  test::tree t;
  t.add("root");
  t.add("a", {.upstreams = {"root"}});
  t.add("b", {.upstreams = {"root"}});
  t.system.advance(1s); // both follow
  t.add("leaf", {.upstreams = {"a", "b"}});
  t.system.advance(5s);
  REQUIRE(t.at("leaf").metrics->upstream.value() == "a");
  t.network.on_message = [](const auto& from, const auto& to, peer_message&) { // silent, not broken
    return !(from == "root" && to == "a");
  };
  t.put("root", "k", "1");
  t.system.advance(limits::upstream_stale_after - 2s);
  CHECK(t.at("leaf").metrics->upstream.value() == "a");
  t.system.advance(4s);
  CHECK(t.at("leaf").metrics->upstream.value() == "b");
  CHECK(t.value("leaf", "k") == "1");
}

TEST_CASE("an upstream that is left for another is told so, and sends nothing more on the link that stays") {
  test::tree t;
  t.add("root");
  t.add("a", {.upstreams = {"root"}});
  t.add("b", {.upstreams = {"root"}});
  t.system.advance(1s); // both follow
  t.add("leaf", {.upstreams = {"a", "b"}});
  t.system.advance(5s);
  REQUIRE(t.at("a").metrics->downstreams.value() == 1);
  t.network.on_message = [](const auto& from, const auto& to, peer_message&) {
    return !(from == "root" && to == "a");
  };
  t.system.advance(limits::upstream_stale_after + 2s);
  REQUIRE(t.at("leaf").metrics->upstream.value() == "b");
  CHECK(t.at("a").metrics->downstreams.value() == 0);
  int from_a = 0;
  t.network.on_message = [&](const auto& from, const auto& to, peer_message&) {
    from_a += from == "a" && to == "leaf" ? 1 : 0;
    return true;
  };
  t.system.advance(2 * limits::upstream_stale_after); // `a` has found that it hears nothing, and hears again
  t.fill("root", 0, 50);
  t.system.advance(5s);
  CHECK(t.level("root", "a"));
  CHECK(t.level("root", "leaf"));
  CHECK(from_a == 0);
}

TEST_CASE("an upstream that sends news but no verdict is left for another") {
  test::tree t;
  t.add("root");
  t.add("a", {.upstreams = {"root"}});
  t.add("b", {.upstreams = {"root"}});
  t.system.advance(1s); // both follow
  t.network.on_message = [](const auto& from, const auto&, peer_message& message) {
    return !(from == "a" && std::holds_alternative<subscribe_reply>(message.body));
  };
  t.add("leaf", {.upstreams = {"a", "b"}});
  t.system.advance(limits::upstream_stale_after + 3s);
  CHECK(t.at("leaf").metrics->upstream.value() == "b");
}

TEST_CASE("a node never follows one that follows it") {
  test::tree t;
  t.add("root");
  t.add("a", {.upstreams = {"root", "b"}});
  t.system.advance(1s);
  t.add("b", {.upstreams = {"a", "root"}});
  t.put("root", "k", "1");
  t.system.advance(5s);
  REQUIRE(t.at("b").metrics->upstream.value() == "a");
  t.network.isolate("root");
  for (int i = 0; i < 100; ++i) {
    t.system.advance(200ms);
    CHECK(t.at("a").metrics->upstream_connected.value() == 0);
  }
  t.network.reconnect("root");
  t.system.advance(10s);
  t.put("root", "l", "2");
  CHECK(t.level("root", "a"));
  CHECK(t.level("root", "b"));
}

TEST_CASE("an upstream with another history is refused, told of, and never applied") {
  test::tree t;
  t.add("root");
  t.add("bad"); // the same instance id, other entries
  t.add("leaf", {.upstreams = {"root"}});
  t.fill("root", 0, 10);
  t.fill("bad", 100, 20);
  t.system.advance(1s);
  auto before = t.digest("leaf");
  t.stop("leaf");
  t.at("leaf").shape.upstreams = {"bad"};
  t.start("leaf");
  t.system.advance(5s);
  CHECK(t.at("leaf").metrics->diverged.value() == 1);
  CHECK(t.at("leaf").metrics->upstream_connected.value() == 0);
  CHECK(t.digest("leaf") == before);
  CHECK(t.at("bad").metrics->subscribe_refused.value() > 0);
  t.stop("leaf");
  t.at("leaf").shape.upstreams = {"bad", "root"};
  t.start("leaf");
  t.put("root", "new", "x");
  t.system.advance(5s);
  CHECK(t.level("root", "leaf"));
  CHECK(t.at("leaf").metrics->diverged.value() == 0);
}

TEST_CASE("another instance under the same name is refused") {
  test::tree t;
  t.add("root");
  t.add("other", {.id = {9, 9}});
  t.add("leaf", {.upstreams = {"root"}});
  t.put("root", "k", "1");
  t.put("other", "k", "2");
  t.system.advance(1s);
  t.stop("leaf");
  t.at("leaf").shape.upstreams = {"other"};
  t.start("leaf");
  t.system.advance(5s);
  CHECK(t.at("leaf").metrics->diverged.value() == 1);
  CHECK(t.value("leaf", "k") == "1");
  CHECK(t.at("leaf").metrics->last_error.value().starts_with("wrong_instance"));
}

TEST_CASE("an upstream that lags behind this node is left for a better one") {
  test::tree t;
  t.add("root");
  t.add("a", {.upstreams = {"root"}});
  t.add("leaf", {.upstreams = {"root"}});
  t.put("root", "k", "1");
  t.system.advance(1s);
  t.network.isolate("a");
  t.put("root", "l", "1");
  t.stop("leaf");
  t.at("leaf").shape.upstreams = {"a", "root"};
  t.start("leaf");
  t.network.on_message = [](const auto& from, const auto& to, peer_message&) {
    return !(from == "root" && to == "a");
  };
  t.network.reconnect("a");
  t.put("root", "m", "1");
  t.system.advance(2s);
  CHECK(t.at("leaf").metrics->upstream.value() == "root");
  CHECK(t.level("root", "leaf"));
}

TEST_CASE("an unreachable upstream is tried again and again, with longer and longer pauses") {
  test::tree t;
  t.add("root");
  t.network.isolate("root");
  t.add("leaf", {.upstreams = {"root"}});
  t.system.advance(std::chrono::minutes{5});
  CHECK(t.at("leaf").metrics->upstream_connected.value() == 0);
  t.network.reconnect("root");
  t.put("root", "k", "1");
  t.system.advance(limits::redial_delay_max);
  CHECK(t.level("root", "leaf"));
}

TEST_CASE("without news nothing is told: a node that never followed anybody sends no heartbeat") {
  test::tree t;
  t.add("root");
  t.add("a", {.upstreams = {"root"}});
  t.put("root", "k", "1");
  t.system.advance(2s);
  t.stop("a");
  t.network.isolate("root");
  t.start("a");
  int heartbeats = 0;
  t.network.on_message = [&](const auto& from, const auto&, peer_message& message) {
    if (from == "a" && std::holds_alternative<heartbeat>(message.body)) ++heartbeats;
    return true;
  };
  t.add("leaf", {.upstreams = {"a"}, .place = node_role::leaf});
  t.system.advance(20s);
  CHECK(t.value("leaf", "k") == "1"); // what is there is served
  CHECK(heartbeats == 0);
}

TEST_CASE("a root that has less than its follower has lost entries: that is divergence") {
  test::tree t;
  t.add("root");
  t.add("leaf", {.upstreams = {"root"}});
  t.put("root", "a", "1");
  t.put("root", "lost", "1");
  t.system.advance(1s);
  t.stop("root");
  t.at("root").disk = std::make_shared<storage::memory_disk>();
  t.start("root");
  t.put("root", "a", "1");
  t.system.advance(10s);
  CHECK(t.at("leaf").metrics->diverged.value() == 1);
  CHECK(t.applied("leaf") == 2);
  CHECK(t.value("leaf", "lost") == "1");
}
