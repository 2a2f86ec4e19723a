// SPDX-License-Identifier: Apache-2.0
// What a sink owes its upstream for what it took, so that a stream of small entries costs one message each and not
// three: credit goes back in large pieces, and what is applied is acknowledged now and then.
#pragma once

#include "actors/wake_up.hpp"
#include "messages/limits.hpp"

#include <cstdint>
#include <utility>

namespace argentum::actors {

/// Payload bytes that were taken and not granted again. Always less than limits::credit_grant_bytes, so the
/// upstream has the rest of limits::credit_bytes to send from.
class owed_credit {
 public:
  /// The upstream has all its credit.
  void clear() noexcept { bytes_ = 0; }
  /// What to grant now that this was taken too; 0: nothing yet.
  std::uint64_t take(std::uint64_t bytes) noexcept {
    bytes_ += bytes;
    return bytes_ < limits::credit_grant_bytes ? 0 : std::exchange(bytes_, 0);
  }

 private:
  std::uint64_t bytes_ = 0;
};

/// When to acknowledge: at once, unless that was done within limits::ack_interval.
class ack_pace {
 public:
  void acked(time_point now) noexcept {
    next_ = now + limits::ack_interval;
    unsaid_ = false;
  }
  /// There is something new. Whether to acknowledge it at once.
  bool news(time_point now) noexcept {
    unsaid_ = true;
    return overdue(now);
  }
  /// Whether something that waited may be said.
  bool overdue(time_point now) const noexcept { return unsaid_ && now >= next_; }

 private:
  time_point next_;
  bool unsaid_ = false;
};

} // namespace argentum::actors
