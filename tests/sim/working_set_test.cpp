// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/working_set.hpp"
#include "storage/memory_store.hpp"
#include "tests/storage/root_log.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <set>

using namespace argentum;
using namespace argentum::test;
using namespace std::chrono_literals;

namespace {

std::size_t common(const sim::working_set& a, const sim::working_set& b) {
  std::vector<std::uint64_t> both;
  std::set_intersection(a.chosen().begin(), a.chosen().end(), b.chosen().begin(), b.chosen().end(),
                        std::back_inserter(both));
  return both.size();
}

} // namespace

TEST_CASE("a working set is a share of the keys, partly the one of another place") {
  constexpr std::uint64_t keys = 20'000;
  sim::random_source random{random_seed("working sets")};
  for (double percent : {1.0, 20.0}) {
    sim::working_set a{keys, 0.9, percent, random};
    sim::working_set b{keys, 0.9, percent, random};
    auto share = static_cast<std::size_t>(keys * percent / 100);
    CHECK(a.chosen().size() == share);
    CHECK(std::set(a.chosen().begin(), a.chosen().end()).size() == share);
    CHECK(a.chosen() != b.chosen());
    // Chosen without regard to popularity, two would share `percent` of theirs.
    CHECK(static_cast<double>(common(a, b)) > 1.3 * percent / 100 * static_cast<double>(share));
    CHECK(common(a, b) < share * 3 / 4);
    MESSAGE(percent << " %: " << common(a, b) * 100 / share << " % in common");
    for (int n = 0; n < 1000; ++n) CHECK(std::binary_search(a.chosen().begin(), a.chosen().end(), a.draw(random)));
  }
}

TEST_CASE("the same seed chooses the same keys; all of them, or one at least") {
  sim::random_source one{7};
  sim::random_source two{7};
  CHECK(sim::working_set{1000, 0.9, 10, one}.chosen() == sim::working_set{1000, 0.9, 10, two}.chosen());
  CHECK(sim::working_set{1000, 0.9, 100, one}.chosen().empty());
  CHECK(sim::working_set{1000, 0.9, 0, one}.chosen().size() == 1);
}
