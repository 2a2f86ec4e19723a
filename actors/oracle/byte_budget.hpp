// SPDX-License-Identifier: Apache-2.0
// Bytes that may be sent, on average over a second: a bucket that fills up at an even rate. What must be sent in
// any case is taken from it too, as far as to a second's debt.
#pragma once

#include "messages/oracle_limits.hpp"

#include <algorithm>
#include <chrono>

namespace argentum::actors {

class byte_budget {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  bool allows(time_point now, std::size_t bytes) {
    fill(now);
    return level_ >= static_cast<double>(bytes);
  }
  void spend(std::size_t bytes) noexcept { level_ = std::max(level_ - static_cast<double>(bytes), -most); }

 private:
  void fill(time_point now) {
    auto passed = std::chrono::duration<double>(now - filled_).count();
    level_ = std::min(most, level_ + passed * most);
    filled_ = now;
  }

  static constexpr double most = limits::gossip_bytes_per_second;
  double level_ = most;
  time_point filled_{};
};

} // namespace argentum::actors
