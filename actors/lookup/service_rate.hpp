// SPDX-License-Identifier: Apache-2.0
// How fast the replicas answer while misses wait for them, and so how many may wait: with more, the last one would
// pass its deadline in the queue (Little's law), and is better refused at once. Without a queue the rate of answers
// says what was asked, not what could be: then nothing is known, and nothing is refused.
#pragma once

#include <chrono>
#include <optional>

namespace argentum::actors {

/// Pure rule; one thread.
class service_rate {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::steady_clock::duration;

  /// Whether misses wait for room at a replica.
  void queueing(bool any, time_point now) noexcept;
  /// That many misses have been answered.
  void answered(std::size_t count, time_point now) noexcept;
  /// Whether so many would be answered within that time, by what is known.
  bool can_serve(std::size_t waiting, duration within) const noexcept;

 private:
  std::optional<time_point> since_; ///< begin of the window, while there is a queue
  std::size_t count_ = 0;           ///< answered since then
  double per_second_ = 0;           ///< in the window before; 0 = not known
};

} // namespace argentum::actors
