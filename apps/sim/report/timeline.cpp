// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/report/timeline.hpp"

#include <algorithm>
#include <utility>

namespace argentum::sim {

namespace {

/// What was worst in either, and the later one's sums.
void merge(time_sample& earlier, time_sample later) {
  later.lag_entries_max = std::max(later.lag_entries_max, earlier.lag_entries_max);
  later.lag_entries_median = std::max(later.lag_entries_median, earlier.lag_entries_median);
  later.lag_max = std::max(later.lag_max, earlier.lag_max);
  later.lag_median = std::max(later.lag_median, earlier.lag_median);
  later.down = std::max(later.down, earlier.down);
  earlier = std::move(later);
}

} // namespace

void timeline::add(time_sample sample) {
  if (!samples_.empty() && in_last_ < stride_) {
    ++in_last_;
    return merge(samples_.back(), std::move(sample));
  }
  if (samples_.size() == samples_max) {
    for (std::size_t n = 0; n < samples_max / 2; ++n) {
      merge(samples_[2 * n], std::move(samples_[2 * n + 1]));
      samples_[n] = std::move(samples_[2 * n]);
    }
    samples_.resize(samples_max / 2);
    stride_ *= 2;
  }
  samples_.push_back(std::move(sample));
  in_last_ = 1;
}

} // namespace argentum::sim
