// SPDX-License-Identifier: Apache-2.0
// Which entries this process has held for how long, by its own monotonic clock. The stamps of a log tell the age of
// entries too, but a root whose wall clock jumps ahead makes all that went before look old at once. What was held
// for a whole span here is that old whatever any wall clock says. Entries that are there at the start count from
// the start: after a restart history is kept for up to a span longer, once.
//
// Sampled, one per 128th of the span at most; between two samples it errs on the side of younger.
#pragma once

#include "actors/wake_up.hpp"
#include "messages/types.hpp"

#include <chrono>
#include <deque>

namespace argentum::actors {

/// Pure rule; one thread.
class held_entries {
 public:
  explicit held_entries(std::chrono::milliseconds span) : span_(span) {}

  /// The store is at this entry now.
  void note(index_t applied, time_point now);
  /// The last entry that has been here for a span; 0 = none.
  index_t for_a_span(time_point now);

 private:
  struct sample {
    index_t index = 0;
    time_point at;
  };
  std::chrono::milliseconds span_;
  index_t held_ = 0;
  std::deque<sample> samples_;
};

} // namespace argentum::actors
