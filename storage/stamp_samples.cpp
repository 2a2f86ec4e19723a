// SPDX-License-Identifier: Apache-2.0
#include "storage/stamp_samples.hpp"

#include <algorithm>

namespace argentum::storage {

namespace {

constexpr int samples_per_span = 128;

} // namespace

bool stamp_samples::wants(stamp_t stamp, std::chrono::microseconds span) const noexcept {
  return samples_.empty() || stamp - samples_.back().stamp > span / samples_per_span;
}

void stamp_samples::note(stamp_sample entry, std::chrono::microseconds span) {
  if (!wants(entry.stamp, span)) return;
  samples_.push_back(entry);
  while (samples_.size() > 2 && entry.stamp - samples_[1].stamp >= span) samples_.pop_front();
}

std::optional<index_t> stamp_samples::last_before(stamp_t when) const noexcept {
  auto young = std::partition_point(samples_.begin(), samples_.end(),
                                    [&](const stamp_sample& each) { return each.stamp < when; });
  if (young == samples_.begin()) return std::nullopt;
  return std::prev(young)->index;
}

} // namespace argentum::storage
