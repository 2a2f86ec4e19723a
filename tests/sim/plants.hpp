// SPDX-License-Identifier: Apache-2.0
// Bugs to find: stores and networks that are wrong in one way each. They exist in this test only; the judge must
// find each within a stated number of seeds, or it judges nothing.
#pragma once

#include "apps/sim/world.hpp"

#include <string>
#include <vector>

namespace argentum::test {

struct planted_bug {
  std::string name;
  std::uint64_t seeds_max; ///< it is found by one of the seeds 1 .. seeds_max
  std::string promise;     ///< that the judge says is broken
  sim::run_options how;
};

const std::vector<planted_bug>& planted_bugs();

/// Needs a root that loses entries. Replicas take every position for one of their log.
sim::run_options other_log_is_believed();

} // namespace argentum::test
