// SPDX-License-Identifier: Apache-2.0
// Samples that wait for their export: a bounded queue, one batch under way at a time, and a pause that grows while
// the other side fails. A batch that failed is sent again, so one whose answer was lost may be stored twice; what
// does not fit the queue is lost, and counted by the caller.
#pragma once

#include "actors/wake_up.hpp"
#include "actors/working_set/sample_exporter.hpp"

#include <deque>

namespace argentum::actors {

class export_queue {
 public:
  /// False if there is no room.
  bool add(timed_sample sample);
  /// What to send now: a full batch, or what has waited for limits::export_delay; null if it is not time.
  sample_rows next(time_point now);
  /// The answer to the batch. Returns how many rows are stored.
  std::size_t done(bool stored, time_point now);
  std::size_t waiting() const noexcept { return rows_.size() + (batch_ ? batch_->size() : 0); }

 private:
  std::deque<timed_sample> rows_;
  sample_rows batch_; ///< under way, or to be sent again
  bool under_way_ = false;
  unsigned failures_ = 0; ///< in a row
  time_point not_before_{};
};

} // namespace argentum::actors
