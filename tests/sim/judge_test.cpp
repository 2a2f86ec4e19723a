// SPDX-License-Identifier: Apache-2.0
// The judge is judged: every planted bug must be found, and by the promise that it breaks.
#include "tests/sim/library.hpp"
#include "tests/sim/plants.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace argentum;
using namespace argentum::test;
using namespace std::chrono_literals;

TEST_CASE("every planted bug is found within its number of seeds") {
  auto tree = library_scenario("small-tree-all-faults");
  tree.until = 60s;
  tree.window = {0s, 2};
  tree.path.delay = 40ms;
  tree.workload.keys = 60;
  tree.workload.evictions_per_second = 60;
  for (auto& node : tree.nodes)
    for (auto& instance : node.instances) {
      instance.history_span = 5s;
      if (instance.role == instance_role::proxy)
        instance.space.soft = {{actors::space_limit::kind::budget, 4 * limits::kib}};
    }
  for (const auto& bug : planted_bugs()) {
    CAPTURE(bug.name);
    std::optional<sim::violation> found;
    std::uint64_t seed = 0;
    while (!found && seed < bug.seeds_max) {
      auto how = bug.how;
      how.seed = ++seed;
      found = sim::run(tree, how).broken;
    }
    REQUIRE(found);
    CHECK_MESSAGE(found->promise == bug.promise, found->text);
    MESSAGE(bug.name << ": seed " << seed << ", " << found->text);
  }
}

TEST_CASE("a window that is one entry too small is found by the scenario of its edge") {
  auto edge = library_scenario("window-edge");
  --edge.window.entries;
  auto result = sim::run(edge, {});
  REQUIRE(result.broken);
  CHECK(result.broken->promise == "script");
}

TEST_CASE("a replica that answers proxies of another log is found by the scenario of a root that forgot") {
  auto forgot = library_scenario("unsynced-root-evicted");
  std::uint64_t refused = 0;
  sim::run_options how;
  how.tamper = [&](const std::string&, const std::string&, peer_message& message) {
    if (const auto* response = std::get_if<lookup_response>(&message.body))
      for (const auto& answer : response->answers) refused += answer.status == lookup_status::diverged ? 1 : 0;
    return true;
  };
  CHECK(!sim::run(forgot, how).broken);
  CHECK(refused > 0);
  auto how_wrong = other_log_is_believed();
  std::optional<sim::violation> found;
  for (how_wrong.seed = 1; !found && how_wrong.seed <= 20; ++how_wrong.seed)
    found = sim::run(forgot, how_wrong).broken;
  REQUIRE(found);
  CHECK(found->promise == "one truth");
}
