// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/upstream_ranking.hpp"
#include "messages/oracle_limits.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

const ranking_question us{"me", node_role::leaf, "here", "", {}, 30s};

/// An intermediate one hop below the root, with fresh news and room.
ranked_upstream found(const std::string& name, std::chrono::microseconds rtt, std::chrono::microseconds delay,
                      const std::string& datacenter = "there") {
  ranked_upstream out;
  out.candidate.who = {name, name + ":1"};
  out.candidate.rtt = rtt;
  out.candidate.status.news = 1;
  out.candidate.status.delay = delay;
  out.candidate.status.depth = 1;
  out.candidate.status.downstreams_max = 10;
  out.datacenter = datacenter;
  return out;
}

std::string order(std::vector<ranked_upstream> all, const ranking_question& what = us,
                  const known_upstreams& known = {}) {
  std::string names;
  for (const auto& each : rank_upstreams(std::move(all), what, known)) names += each.who.node + " ";
  return names;
}

} // namespace

TEST_CASE("the cost is the way from the root: its own, half the round trip to it, and its hops and ours") {
  auto ranked = rank_upstreams({found("far", 100ms, 5ms), found("near", 10ms, 20ms)}, us, {});
  REQUIRE(ranked.size() == 2);
  CHECK(ranked[0].who.node == "near");
  CHECK(ranked[0].cost == 20ms + 5ms + 2 * limits::hop_cost);
  CHECK(ranked[1].cost == 5ms + 50ms + 2 * limits::hop_cost);
}

TEST_CASE("a root at a distance is better than a detour, and worse than somebody near who is near it") {
  auto root = found("root", 80ms, 0ms);
  root.candidate.role = node_role::root;
  root.candidate.status.depth = 0;
  CHECK(order({root, found("detour", 60ms, 40ms), found("way", 10ms, 30ms)}) == "way root detour ");
}

TEST_CASE("at equal costs our own datacenter's comes first, then the name decides") {
  CHECK(order({found("b", 10ms, 5ms), found("a", 10ms, 5ms), found("c", 10ms, 5ms, "here")}) == "c a b ");
}

TEST_CASE("who hears nothing of the root comes last; the root itself need not hear of it") {
  auto stale = found("stale", 1ms, 1ms);
  stale.candidate.status.age = 31s;
  auto fresh = found("fresh", 50ms, 1ms);
  auto never = found("never", 1ms, 0ms);
  never.candidate.status.news = 0;
  auto root = found("root", 200ms, 0ms);
  root.candidate.role = node_role::root;
  root.candidate.status.age = 1h;
  CHECK(order({stale, never, fresh, root}) == "fresh root never stale ");
}

TEST_CASE("left out: ourselves, those below us, the full and the refusing; but not the current upstream") {
  auto full = found("full", 1ms, 1ms);
  full.candidate.status.downstreams = 10;
  ranking_question what = us;
  what.refusing = {"refusing:1"};
  known_upstreams known{{"child", "me"}, {"grandchild", "child"}, {"other", "root"}, {"x", "y"}, {"y", "x"}};
  std::vector<ranked_upstream> all{
      found("me", 1ms, 1ms),         found("child", 1ms, 1ms), full,
      found("grandchild", 1ms, 1ms), found("other", 9ms, 1ms), found("refusing", 1ms, 1ms),
      found("x", 20ms, 1ms)};
  CHECK(order(all, what, known) == "other x ");
  what.current = "full";
  CHECK(order(all, what, known) == "full other x ");
  what.current = "refusing";
  CHECK(order(all, what, known) == "refusing other x ");
  what.current = "child"; // it follows us by now
  CHECK(order(all, what, known) == "other x ");
}

TEST_CASE("for an intermediate whoever is full of leaves has room") {
  auto full = found("full", 1ms, 1ms);
  full.candidate.status.downstreams = 10;
  full.candidate.status.leaves = 1;
  CHECK(order({full}).empty());
  ranking_question what = us;
  what.role = node_role::intermediate;
  CHECK(order({full}, what) == "full ");
}
