// SPDX-License-Identifier: Apache-2.0
// The time by which a node that catches up tells what is history already. It is the root's newest stamp, but never
// ahead of what the root's clock can show by now: its time when this process first heard it, plus what has passed
// here since. So a root whose wall clock jumps ahead makes no history look older than it is.
#pragma once

#include "actors/wake_up.hpp"
#include "messages/types.hpp"

#include <algorithm>
#include <optional>

namespace argentum::actors {

/// Pure rule; one thread.
class history_clock {
 public:
  void heard(stamp_t root_time, stamp_t newest_stamp, time_point now) {
    if (!first_) first_ = first_news{root_time, now};
    auto passed = std::chrono::duration_cast<stamp_t::duration>(now - first_->at);
    time_ = std::min(newest_stamp, first_->root_time + passed);
  }
  /// The epoch until something was heard.
  stamp_t time() const noexcept { return time_; }

 private:
  struct first_news {
    stamp_t root_time;
    time_point at;
  };
  std::optional<first_news> first_;
  stamp_t time_;
};

} // namespace argentum::actors
