// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/world.hpp"
#include "tests/sim/library.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace argentum;
using namespace argentum::test;
using namespace std::chrono_literals;

namespace {

sim::run_result run_seed(const sim::scenario& what, std::uint64_t seed) {
  sim::run_options how;
  how.seed = seed;
  return sim::run(what, how);
}

void check_clean(const sim::scenario& what, std::uint64_t seed) {
  auto result = run_seed(what, seed);
  if (!result.broken) return;
  FAIL_CHECK(what.name << " seed " << seed << " at " << sim::seconds_text(result.broken->when) << ": "
                       << result.broken->promise << ": " << result.broken->text);
}

} // namespace

TEST_CASE("every scenario of the library is clean") {
  for (const auto& name : library_names()) check_clean(library_scenario(name), 1);
}

TEST_CASE("every scripted answer was asked for") {
  for (const auto& name : {"seed-figure", "delete-and-recreate", "proxy-ahead", "window-edge", "role-change",
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
