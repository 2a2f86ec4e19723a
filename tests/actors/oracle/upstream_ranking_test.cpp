// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/upstream_ranking.hpp"
#include "messages/oracle_limits.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

const ranking_question us{"me", node_role::intermediate, "here", "", {}, 30s};
const ranking_question leaf{"leaf", node_role::leaf, "here", "", {}, 30s};

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

TEST_CASE("the cost is the way from the root, with its hops and ours, and a part of our link") {
  auto ranked = rank_upstreams({found("far", 100ms, 5ms), found("near", 10ms, 20ms)}, us, {});
  REQUIRE(ranked.size() == 2);
  CHECK(ranked[0].who.node == "near");
  CHECK(ranked[0].cost == 20ms + 5ms + 1ms + 2 * limits::hop_cost);
  CHECK(ranked[1].cost == 5ms + 50ms + 10ms + 2 * limits::hop_cost);
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
  CHECK(order({full}, leaf).empty());
  CHECK(order({full}) == "full ");
}

TEST_CASE("of one datacenter only one crosses the ocean, if that costs the others little") {
  auto root = found("root", 90ms, 0ms);
  root.candidate.role = node_role::root;
  root.candidate.status.depth = 0;
  auto neighbour = found("neighbour", 500us, 45ms, "here");
  CHECK(order({root, neighbour}) == "neighbour root ");
  neighbour.candidate.status.delay = 60ms;
  CHECK(order({root, neighbour}) == "root neighbour ");
}

TEST_CASE("for a leaf a root comes last of those who hear it") {
  auto root = found("root", 1ms, 0ms);
  root.candidate.role = node_role::root;
  auto stale = found("stale", 1ms, 1ms);
  stale.candidate.status.age = 31s;
  CHECK(order({root, found("far", 150ms, 90ms), stale}, leaf) == "far root stale ");
  CHECK(order({root, found("far", 150ms, 90ms), stale}) == "root far stale ");
}

TEST_CASE("leaves share those that none would leave for the other: the fewest followers, then by lot") {
  auto asker = leaf;
  auto with = [](const std::string& name, std::chrono::microseconds delay, std::uint32_t downstreams) {
    auto out = found(name, 1ms, delay);
    out.candidate.status.downstreams = downstreams;
    return out;
  };
  CHECK(order({with("a", 40ms, 5), with("b", 42ms, 3), with("dear", 50ms, 0)}, asker) == "b a dear ");
  CHECK(order({with("a", 40ms, 5), with("b", 42ms, 3)}) == "a b ");
  asker.current = "a"; // one of the three is this leaf
  CHECK(order({with("a", 40ms, 3), with("b", 42ms, 3)}, asker) == "a b ");
  std::map<std::string, int> firsts;
  for (int n = 0; n < 300; ++n) {
    asker.node = "leaf-" + std::to_string(n);
    ++firsts[order({with("a", 40ms, 0), with("b", 41ms, 0), with("c", 42ms, 0)}, asker).substr(0, 1)];
  }
  for (const auto& [name, count] : firsts) CHECK(count > 70);
  CHECK(firsts.size() == 3);
}
