// SPDX-License-Identifier: Apache-2.0
// A quantile of the last times, exact: they are kept in the order in which they came, and sorted. A new one takes
// the place of the oldest: two searches and two short moves for each.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

namespace argentum::actors {

/// Pure rule; one thread.
class sliding_quantile {
 public:
  using duration = std::chrono::steady_clock::duration;

  /// Of the last `window` times.
  explicit sliding_quantile(std::size_t window) : window_(window) {}

  void note(duration took);
  /// The time that a `part` of them do not pass; nothing while they are too few to tell it from the longest.
  std::optional<duration> at(double part) const;

 private:
  std::size_t window_;
  std::size_t oldest_ = 0;
  std::vector<duration> in_order_; ///< a ring once it is full
  std::vector<duration> sorted_;
};

} // namespace argentum::actors
