// SPDX-License-Identifier: Apache-2.0
#include "actors/space/held_entries.hpp"

namespace argentum::actors {

namespace {

constexpr int samples_per_span = 128;

} // namespace

void held_entries::note(index_t applied, time_point now) {
  if (!samples_.empty() && now - samples_.back().at < span_ / samples_per_span) return;
  samples_.push_back({applied, now});
}

index_t held_entries::for_a_span(time_point now) {
  while (!samples_.empty() && now - samples_.front().at >= span_) {
    held_ = samples_.front().index;
    samples_.pop_front();
  }
  return held_;
}

} // namespace argentum::actors
