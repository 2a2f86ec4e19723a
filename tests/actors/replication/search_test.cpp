// SPDX-License-Identifier: Apache-2.0
// Sinks that find their upstream by an oracle, and sources that are full.
#include "tests/actors/tree.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace argentum;
using namespace std::chrono_literals;

namespace {

/// Answers with what the test says, cheapest first.
struct fake_oracle {
  std::map<std::string, std::chrono::microseconds> costs;
  std::vector<find_upstreams> asked;
  bool silent = false;
  std::map<std::string, std::chrono::microseconds> ages;   ///< of their news
  std::map<std::string, std::chrono::microseconds> delays; ///< from the root to them

  void add(const std::string& name, std::chrono::microseconds cost) { costs[name] = cost; }
  std::vector<upstream_candidate> answer(const find_upstreams& what) const {
    std::vector<upstream_candidate> all;
    for (const auto& [name, cost] : costs) {
      auto refuses = std::find(what.refusing.begin(), what.refusing.end(), name) != what.refusing.end();
      if (refuses && name != what.current) continue;
      upstream_candidate each;
      each.who = {name, name};
      each.cost = cost;
      each.rtt = 2ms;
      if (auto age = ages.find(name); age != ages.end()) each.status.age = age->second;
      if (auto delay = delays.find(name); delay != delays.end()) each.status.delay = delay->second;
      all.push_back(each);
    }
    for (const auto& named : what.also) all.push_back({named, node_role::intermediate, 2ms, 1s, {}});
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.cost < b.cost; });
    return all;
  }
};

oracle_port::behavior_type oracle_actor(oracle_port::pointer, fake_oracle* fake) {
  return {[fake](const find_upstreams& m) {
            fake->asked.push_back(m);
            if (!fake->silent) m.reply.deliver(fake->answer(m));
          },
          [](const datagram&) {},
          [](link_id, const gossip_state&) {},
          [](link_id, const nearest_request&) {},
          [](link_id, const nearest_reply&) {},
          [](link_id, const register_replica&) {},
          [](const link_opened&) {},
          [](const link_closed&) {},
          [](tick) {}};
}

struct world {
  world() {
    t.add("root");
    t.add("a", {.upstreams = {"root"}});
    t.add("b", {.upstreams = {"root"}});
    t.system.advance(1s);
  }
  test::test_node& add(const std::string& name) { return t.add(name, {.oracle = port}); }
  std::string upstream(const std::string& name) {
    const auto& m = *t.at(name).metrics;
    return m.upstream_connected.value() == 1 ? m.upstream.value() : std::string{};
  }

  fake_oracle oracle;
  test::tree t;
  oracle_port port = t.system.spawn(oracle_actor, &oracle);
};

} // namespace

TEST_CASE("the cheapest upstream that is found is followed; when it is lost, the oracle is asked again") {
  world w;
  w.oracle.add("a", 10ms);
  w.oracle.add("b", 20ms);
  w.add("x");
  w.t.put("root", "k", "1");
  w.t.system.advance(10s);
  CHECK(w.upstream("x") == "a");
  CHECK(w.t.level("root", "x"));
  w.oracle.costs.erase("a");
  w.t.network.isolate("a");
  w.t.put("root", "l", "2");
  w.t.system.advance(2s);
  CHECK(w.upstream("x") == "b");
  CHECK(w.t.level("root", "x"));
  CHECK(w.t.at("x").metrics->snapshots_received.value() == 0);
}

TEST_CASE("a node moves to a much cheaper upstream, by index, and not again at once") {
  world w;
  w.oracle.add("a", 50ms);
  w.add("x");
  w.t.put("root", "k", "1");
  w.t.system.advance(10s);
  REQUIRE(w.upstream("x") == "a");
  w.oracle.add("b", 49ms);
  w.t.system.advance(2min);
  CHECK(w.upstream("x") == "a"); // saves too little
  w.oracle.add("b", 10ms);
  w.t.system.advance(limits::upstream_review * 2);
  CHECK(w.upstream("x") == "b");
  CHECK(w.oracle.asked.back().current == "b");
  w.t.system.advance(1s);
  w.oracle.add("a", 1ms);
  auto moves = w.t.at("x").metrics->upstream_moves.value();
  CHECK(moves == 1);
  w.t.system.advance(limits::upstream_move_pause * 3);
  CHECK(w.upstream("x") == "a");
  CHECK(w.t.at("x").metrics->upstream_moves.value() == 2);
  CHECK(w.t.at("x").metrics->snapshots_received.value() == 0);
  CHECK(w.t.level("root", "x"));
}

TEST_CASE("a node does not leave its upstream for somebody farther from the root than itself") {
  world w;
  w.oracle.add("a", 50ms);
  w.add("x");
  w.t.system.advance(10s);
  REQUIRE(w.upstream("x") == "a");
  w.oracle.add("b", 10ms);
  w.oracle.delays["b"] = 90ms;
  w.t.system.advance(limits::upstream_review * 4);
  CHECK(w.upstream("x") == "a");
  CHECK(w.t.at("x").metrics->upstream_moves.value() == 0);
  w.oracle.delays["b"] = 0ms;
  w.t.system.advance(limits::upstream_review * 2);
  CHECK(w.upstream("x") == "b");
}

TEST_CASE("an upstream that says nothing is left as soon as others are known to hear the root, and not before") {
  world w;
  w.oracle.add("a", 1ms);
  w.oracle.add("b", 20ms);
  w.add("x");
  w.t.system.advance(10s);
  REQUIRE(w.upstream("x") == "a");
  w.t.network.on_message = [](const auto& from, const auto& to, peer_message&) {
    return !(from == "a" && to == "x"); // the link stays
  };
  w.t.system.advance(limits::upstream_doubt_after * 2);
  CHECK(w.upstream("x") == "a"); // it answers surveys: it will find an upstream, as x would
  w.oracle.costs.erase("a");
  w.oracle.ages["b"] = 1min;
  w.t.system.advance(limits::upstream_doubt_after * 2);
  CHECK(w.upstream("x") == "a"); // nobody is better
  w.oracle.ages.clear();
  w.t.system.advance(limits::upstream_doubt_after + 2s);
  CHECK(w.upstream("x") == "b");
  CHECK(w.t.at("x").metrics->upstream_moves.value() == 0);
}

TEST_CASE("a node without an upstream goes on serving, and asks again when the oracle says nothing") {
  world w;
  w.oracle.add("a", 10ms);
  w.add("x");
  w.t.add("leaf", {.upstreams = {"x"}});
  w.t.put("root", "k", "1");
  w.t.system.advance(10s);
  REQUIRE(w.upstream("leaf") == "x");
  w.oracle.silent = true;
  w.t.network.isolate("a");
  w.t.system.advance(20s);
  CHECK(w.upstream("x").empty());
  CHECK(w.upstream("leaf") == "x");
  w.oracle.silent = false;
  w.oracle.add("b", 10ms);
  w.t.put("root", "l", "1");
  w.t.system.advance(limits::find_upstreams_max + limits::redial_delay_max + 1s);
  CHECK(w.upstream("x") == "b");
  CHECK(w.t.level("root", "leaf"));
}

TEST_CASE("a source that is full names those who follow it, and these are followed instead") {
  world w;
  w.t.add("small", {.upstreams = {"root"}, .downstreams_max = 1});
  w.t.system.advance(1s);
  w.oracle.add("small", 1ms);
  w.add("first");
  w.t.system.advance(5s);
  REQUIRE(w.upstream("first") == "small");
  w.add("second");
  w.t.put("root", "k", "1");
  w.t.system.advance(5s);
  CHECK(w.upstream("second") == "first");
  CHECK(w.t.level("root", "second"));
  CHECK(w.t.at("small").metrics->downstreams_full.value() > 0);
  CHECK(w.t.at("small").metrics->downstreams.value() == 1);
  CHECK(std::count_if(w.oracle.asked.begin(), w.oracle.asked.end(), [](auto& q) { return !q.also.empty(); }) == 1);
}

TEST_CASE("a source that is full of leaves sends one away for an intermediate, but not for a leaf") {
  world w;
  w.t.add("small", {.upstreams = {"root"}, .downstreams_max = 1});
  w.t.system.advance(1s);
  w.oracle.add("small", 1ms);
  w.t.add("leaf", {.place = node_role::leaf, .oracle = w.port});
  w.t.system.advance(5s);
  REQUIRE(w.upstream("leaf") == "small");
  w.t.add("late", {.place = node_role::leaf, .oracle = w.port});
  w.t.system.advance(5s);
  CHECK(w.upstream("leaf") == "small");
  CHECK(w.upstream("late") == "leaf");
  CHECK(w.t.at("small").metrics->downstream_leaves.value() == 1);
  w.add("mid");
  w.t.put("root", "k", "1");
  w.t.system.advance(20s);
  CHECK(w.upstream("mid") == "small");
  CHECK(w.upstream("leaf") == "mid");
  CHECK(w.t.level("root", "leaf"));
  CHECK(w.t.level("root", "late"));
  CHECK(w.t.at("small").metrics->leaves_sent_away.value() == 1);
  CHECK(w.t.at("small").metrics->downstream_leaves.value() == 0);
}

TEST_CASE("who refused is tried again at once when nobody else is found") {
  world w;
  w.oracle.add("a", 1ms);
  w.t.network.isolate("a");
  w.add("x");
  w.t.system.advance(1s);
  w.t.network.reconnect("a");
  w.t.system.advance(limits::refusal_memory / 4);
  CHECK(w.upstream("x") == "a");
}

TEST_CASE("costs that change all the time and nodes that come and go: no circle, and all are level in the end") {
  std::mt19937_64 random{test::random_seed("restless tree")};
  world w;
  w.t.system.shuffle(random());
  std::vector<std::string> names{"p", "q", "r", "s", "u", "v"};
  auto change = [&] {
    for (const auto& name : names) w.oracle.add(name, (1 + random() % 100) * 1ms);
    w.oracle.add("a", (1 + random() % 100) * 1ms);
  };
  change();
  for (const auto& name : names) w.add(name);
  auto circle_from = [&](const std::string& name) {
    auto at = name;
    for (std::size_t hops = 0; hops <= names.size() && !at.empty() && at != "root"; ++hops) at = w.upstream(at);
    return !at.empty() && at != "root";
  };
  for (int n = 0; n < 3000; ++n) {
    if (random() % 50 == 0) change();
    if (random() % 50 == 0) {
      const auto& name = names[random() % names.size()];
      w.t.stop(name);
      w.t.start(name);
    }
    if (random() % 10 == 0) w.t.put("root", "k" + std::to_string(n % 10), std::to_string(n));
    w.t.system.advance(100ms);
    for (const auto& name : names) REQUIRE_FALSE(circle_from(name));
  }
  w.t.system.advance(1min);
  for (const auto& name : names) CHECK(w.t.level("root", name));
}

TEST_CASE("who subscribes again on its link is not counted twice") {
  test::tree t;
  t.add("root", {.log = {1h, 100}, .downstreams_max = 1});
  t.fill("root", 0, 50, 100);
  t.system.advance(5s);
  t.add("x", {.upstreams = {"root"}}); // takes a copy, then subscribes again
  t.system.advance(5s);
  CHECK(t.at("x").metrics->snapshots_received.value() == 1);
  CHECK(t.level("root", "x"));
  CHECK(t.at("root").metrics->downstreams_full.value() == 0);
}

TEST_CASE("a node on the source's own path is refused") {
  world w;
  w.oracle.add("a", 1ms);
  w.add("x");
  w.t.system.advance(5s);
  REQUIRE(w.upstream("x") == "a");
  w.t.at("a").shape.upstreams = {"x"};
  w.t.stop("a");
  w.t.start("a"); // has forgotten all news, so nothing else keeps it from following x
  w.t.system.advance(1min);
  CHECK(w.upstream("a").empty());
  CHECK(w.upstream("x").empty());
  CHECK(w.t.at("x").metrics->subscribe_refused.value() > 0);
  w.oracle.add("b", 2ms);
  w.t.put("root", "k", "1");
  w.t.system.advance(10s);
  CHECK(w.t.level("root", "a"));
  CHECK(w.t.level("root", "x"));
}

TEST_CASE("when the root has gone, those who hear the same of it don't follow each other") {
  test::tree t;
  t.add("root");
  t.add("a", {.upstreams = {"root", "b"}});
  t.add("b", {.upstreams = {"root", "a"}});
  t.system.advance(5s);
  t.network.isolate("root");
  auto refused = [&] {
    return t.at("a").metrics->loops_refused.value() + t.at("b").metrics->loops_refused.value();
  };
  for (int n = 0; n < 600; ++n) {
    t.system.advance(100ms);
    CHECK(t.at("a").metrics->upstream_connected.value() + t.at("b").metrics->upstream_connected.value() < 2);
  }
  CHECK(refused() > 0);
  t.network.reconnect("root");
  t.put("root", "k", "1");
  t.system.advance(limits::upstream_stale_after + 10s);
  CHECK(t.level("root", "a"));
  CHECK(t.level("root", "b"));
}

TEST_CASE("a root that comes back with an earlier clock is followed, also by those who meet only others") {
  world w;
  w.oracle.add("a", 1ms);
  w.add("x");
  w.t.add("leaf", {.upstreams = {"x"}, .place = node_role::leaf});
  w.t.system.advance(5s);
  w.t.clock_error = -1h;
  w.t.network.isolate("x"); // it follows nobody when the root comes back
  w.t.stop("root");
  w.t.start("root");
  w.t.put("root", "k", "1");
  w.t.system.advance(5s);
  CHECK(w.t.level("root", "a"));
  w.t.network.reconnect("x");
  w.t.system.advance(2 * limits::upstream_stale_after);
  CHECK(w.upstream("x") == "a");
  CHECK(w.t.level("root", "x"));
  w.t.system.advance(2 * limits::upstream_stale_after); // and one after the other those below
  CHECK(w.upstream("leaf") == "x");
  CHECK(w.t.level("root", "leaf"));
}

TEST_CASE("an upstream that sends less than the root writes is left, and the log goes on by index") {
  world w;
  w.oracle.add("a", 1ms);
  w.oracle.add("b", 20ms);
  w.add("x");
  w.t.system.advance(5s);
  REQUIRE(w.upstream("x") == "a");
  w.t.network.on_message = [&](const auto& from, const auto&, peer_message& message) {
    return !(from == "a" && std::holds_alternative<entry_batch>(message.body)); // held back, and news go on
  };
  for (int s = 0; s < 60 && w.upstream("x") == "a"; ++s) {
    w.t.fill("root", 10 * s, 10);
    w.t.system.advance(1s);
  }
  CHECK(w.t.at("x").metrics->upstreams_too_slow.value() == 1);
  w.t.system.advance(2s);
  CHECK(w.upstream("x") == "b");
  CHECK(w.t.level("root", "x"));
  CHECK(w.t.at("x").metrics->snapshots_received.value() == 0);
}

TEST_CASE("the way from the root is measured hop by hop") {
  world w;
  w.oracle.add("a", 10ms);
  w.add("x");
  w.t.add("leaf", {.upstreams = {"x"}});
  w.t.system.advance(5s);
  CHECK(w.t.at("x").metrics->root_delay_us.value() == 1000); // half of 2 ms; a fixed list measures nothing
  CHECK(w.t.at("leaf").metrics->root_delay_us.value() == 1000);
  CHECK(w.t.at("x").metrics->tree_depth.value() == 2);
  CHECK(w.t.at("leaf").metrics->tree_depth.value() == 3);
  CHECK(w.t.at("x").metrics->upstream_rtt_us.value() == 2000);
  CHECK(w.t.at("leaf").metrics->root_news.value() == w.t.at("root").metrics->root_news.value());
}
