// SPDX-License-Identifier: Apache-2.0
// Sessions that wait until this node has reached an index (read your writes on another node). Bounded by
// limits::index_waiters_max.
#pragma once

#include "actors/wake_up.hpp"
#include "messages/write.hpp"

#include <map>
#include <set>

namespace argentum::actors {

class index_waiters {
 public:
  explicit index_waiters(std::size_t max) : max_(max) {}

  /// Answers at once if `applied` is far enough. False: no room, answered `overloaded`.
  bool add(const wait_index& wish, index_t applied, time_point now);
  /// Answers all who waited for `applied` or less.
  void reached(index_t applied);
  /// Answers `timed_out` to all whose time is up.
  void expire(time_point now);
  /// Forgets those whose client is gone.
  void purge();
  /// Answers everybody.
  void fail(const caf::error& reason);
  /// When the next one's time is up; time_point::max() if nobody has a limit.
  time_point next_deadline() const;
  std::size_t size() const noexcept { return by_index_.size(); }

 private:
  struct waiter {
    time_point deadline;
    reply_to<index_t> reply;
  };
  using key = std::pair<index_t, std::uint64_t>;
  std::map<key, waiter> by_index_;
  std::set<std::pair<time_point, key>> by_deadline_;
  std::size_t max_;
  std::uint64_t count_ = 0;
};

} // namespace argentum::actors
