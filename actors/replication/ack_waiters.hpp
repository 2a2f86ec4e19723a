// SPDX-License-Identifier: Apache-2.0
// Sessions that wait until enough downstreams keep an entry on disk (WAIT). Bounded by limits::ack_waiters_max.
#pragma once

#include "actors/wake_up.hpp"
#include "messages/write.hpp"

#include <vector>

namespace argentum::actors {

class ack_waiters {
 public:
  explicit ack_waiters(std::size_t max) : max_(max) {}

  /// False: no room, answered `overloaded`. Otherwise `update` follows.
  bool add(wait_acks wish, time_point now);
  /// `durable`: up to which entry each downstream has the log on disk. Answers those who have waited long enough,
  /// in the one sense or the other, and forgets those whose client is gone.
  void update(const std::vector<index_t>& durable, time_point now);
  /// When the next one's time is up; time_point::max() if nobody has a limit.
  time_point next_deadline() const;
  bool empty() const noexcept { return waiting_.empty(); }

 private:
  struct waiter {
    wait_acks wish;
    time_point deadline;
  };
  std::vector<waiter> waiting_;
  std::size_t max_;
};

} // namespace argentum::actors
