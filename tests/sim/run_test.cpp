// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/world.hpp"
#include "tests/sim/library.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <set>

using namespace argentum;
using namespace argentum::test;
using namespace std::chrono_literals;

namespace {

using sim::store_kind;

sim::run_result run_seed(const sim::scenario& what, std::uint64_t seed, store_kind store = store_kind::memory) {
  sim::run_options how;
  how.seed = seed;
  how.store = store;
  return sim::run(what, how);
}

void check_clean(const sim::scenario& what, std::uint64_t seed, store_kind store = store_kind::memory) {
  auto result = run_seed(what, seed, store);
  if (!result.broken) return;
  FAIL_CHECK(what.name << " seed " << seed << " at " << sim::seconds_text(result.broken->when) << ": "
                       << result.broken->promise << ": " << result.broken->text);
}

} // namespace

TEST_CASE("every scenario of the library is clean") {
  for (const auto& name : library_names()) {
    auto what = library_scenario(name);
    if (what.nodes.size() >= 1000) what.until = 3s; // its full length is for measurements
    check_clean(what, 1);
  }
}

TEST_CASE("every scripted answer was asked for") {
  for (const auto& name :
       {"seed-figure", "delete-and-recreate", "proxy-ahead", "window-edge", "role-change", "role-change-online",
        "grow-and-shrink", "skewed-clocks", "unsynced-root-power"}) {
    auto what = library_scenario(name);
    auto asks = std::count_if(what.events.begin(), what.events.end(), [](const auto& e) {
      return e.action == "read" || e.action == "absent" || e.action == "unavailable" || e.action == "index"
             || e.action == "past" || e.action == "diverged";
    });
    CHECK(asks > 0);
    CHECK(run_seed(what, 7).expectations_met == static_cast<std::uint64_t>(asks));
  }
}

TEST_CASE("misses leave a datacenter only if it has no replica") {
  auto what = library_scenario("small-datacenter");
  what.until = 5s;
  std::map<std::string, int> asked;
  sim::run_options how;
  how.tamper = [&](const std::string& from, const std::string& to, peer_message& message) {
    auto city = [](const std::string& node) { return node.substr(0, node.find('-')); };
    if (std::holds_alternative<lookup_request>(message.body)) ++asked[city(from) + " to " + city(to)];
    return true;
  };
  CHECK(!sim::run(what, how).broken);
  CHECK(asked["graz to frankfurt"] > 0); // graz has no replica
  CHECK(asked["frankfurt to frankfurt"] > 0);
  CHECK(!asked.contains("frankfurt to ashburn"));
}

TEST_CASE("a seed means one run, and another seed another one") {
  auto what = library_scenario("small-tree-all-faults");
  what.until = 40s;
  auto seed = random_seed("simulated twice");
  auto first = run_seed(what, seed);
  CHECK(first.trace_hash == run_seed(what, seed).trace_hash);
  CHECK(first.trace_hash != run_seed(what, seed + 1).trace_hash);
  CHECK(first.checks.answers > 1000);
  CHECK(first.faults > 10);
}

TEST_CASE("fresh seeds with all faults are clean") {
  auto what = library_scenario("small-tree-all-faults");
  auto seed = random_seed("small-tree-all-faults") % 1'000'000'000;
  for (std::uint64_t n = 0; n < 200; ++n) check_clean(what, seed + n);
}

TEST_CASE("fresh seeds of a root that forgets are clean") {
  auto seed = random_seed("unsynced-root-evicted") % 1'000'000'000;
  for (std::uint64_t n = 0; n < 50; ++n) check_clean(library_scenario("unsynced-root-evicted"), seed + n);
}

TEST_CASE("fresh seeds of evictions and collections under lag are clean, on RocksDB too") {
  for (const auto& name : {"eviction-under-lag", "history-under-lag"}) {
    auto what = library_scenario(name);
    auto seed = random_seed(name) % 1'000'000'000;
    for (std::uint64_t n = 0; n < 20; ++n) check_clean(what, seed + n);
    for (std::uint64_t n = 0; n < 2; ++n) check_clean(what, seed + n, store_kind::rocks);
  }
}

TEST_CASE("the scenarios are clean on RocksDB, too") {
  std::set<std::string> left_out{
      "wide-tree", "storm", "bootstrap-during-writes", "world", "world-oracle", "thousand-nodes", // too long
      "unsynced-root-power"}; // its script counts on losing all, and here a part of what was not synced may survive
  for (const auto& name : library_names())
    if (!left_out.contains(name)) check_clean(library_scenario(name), 1, store_kind::rocks);
}

TEST_CASE("fresh seeds with all faults are clean on RocksDB") {
  auto what = library_scenario("small-tree-all-faults");
  auto seed = random_seed("small-tree-all-faults --store rocks") % 1'000'000'000;
  for (std::uint64_t n = 0; n < 4; ++n) check_clean(what, seed + n, store_kind::rocks);
}

TEST_CASE("a seed means one run on RocksDB, whatever its threads do") {
  auto what = library_scenario("storm");
  what.until = 15s;
  auto seed = random_seed("simulated twice on RocksDB");
  auto first = run_seed(what, seed, store_kind::rocks);
  CHECK(first.trace_hash == run_seed(what, seed, store_kind::rocks).trace_hash);
  CHECK(first.checks.answers > 1000);
}

TEST_CASE("the wall clocks of all nodes but the root decide nothing") {
  auto what = library_scenario("small-tree-all-faults");
  what.until = 40s;
  what.faults.clock_jump = 0ms;
  auto skewed = what;
  auto off = "+9h";
  for (const auto& node : what.nodes) {
    if (node.role == node_role::root) continue;
    sim::scripted_event step;
    step.action = "clock";
    step.node = node.name;
    step.value = std::exchange(off, off[0] == '+' ? "-9h" : "+9h");
    skewed.events.push_back(step);
  }
  auto seed = random_seed("skewed clocks");
  auto right = run_seed(what, seed);
  auto wrong = run_seed(skewed, seed);
  CHECK(right.steps == wrong.steps);
  CHECK(right.network.bytes == wrong.network.bytes);
  CHECK(right.checks.answers == wrong.checks.answers);
  CHECK(right.checks.switches == wrong.checks.switches);
  CHECK_FALSE(wrong.broken);
}
