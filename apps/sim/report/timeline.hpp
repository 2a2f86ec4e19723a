// SPDX-License-Identifier: Apache-2.0
// What is noted every virtual second. A long run keeps as many samples as a short one: when there are too many, two
// become one, and from then on each stands for twice the time.
#pragma once

#include "apps/sim/random_source.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace argentum::sim {

/// Sums since the start, of one group of nodes.
struct group_sample {
  std::uint64_t hits = 0;         ///< reads of keys that exist, answered by the node itself
  std::uint64_t misses = 0;       ///< reads of keys that exist, which needed another node
  std::uint64_t stored_bytes = 0; ///< a node's mean, as of the last look
};

struct time_sample {
  vtime when{0}; ///< its end
  std::uint64_t lag_entries_max = 0;
  std::uint64_t lag_entries_median = 0;
  vtime lag_max{0};
  vtime lag_median{0};
  std::uint64_t down = 0; ///< nodes that serve nobody
  std::vector<group_sample> groups;
};

class timeline {
 public:
  /// More than a plot has room for.
  static constexpr std::size_t samples_max = 600;

  void add(time_sample sample);
  /// The last one may stand for less time than the others.
  const std::vector<time_sample>& samples() const noexcept { return samples_; }

 private:
  std::vector<time_sample> samples_;
  std::size_t stride_ = 1;  ///< seconds that a sample stands for
  std::size_t in_last_ = 0; ///< of these in the last one so far
};

} // namespace argentum::sim
