// SPDX-License-Identifier: Apache-2.0
#include "storage/window.hpp"

#include <algorithm>

namespace argentum::storage {

namespace {

constexpr int samples_per_span = 128;

} // namespace

window::window(window_limits limits, index_t head, stamp_t newest)
    : limits_(limits), head_(head), newest_(newest), samples_{{head, newest}} {}

void window::note(index_t index, stamp_t stamp) {
  head_ = index;
  newest_ = std::max(newest_, stamp);
  if (samples_.empty() || newest_ - samples_.back().stamp > limits_.span / samples_per_span)
    samples_.push_back({index, newest_});
  age();
}

void window::age() {
  while (!samples_.empty() && newest_ - samples_.front().stamp >= limits_.span) {
    aged_ = samples_.front().index;
    samples_.pop_front();
  }
}

index_t window::floor() const noexcept {
  return std::min(aged_, head_ > limits_.entries ? head_ - limits_.entries : 0);
}

} // namespace argentum::storage
