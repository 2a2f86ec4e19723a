// SPDX-License-Identifier: Apache-2.0
// For what goes on and on: it is worth one line of the log each period.
#pragma once

#include <chrono>
#include <optional>

namespace argentum::actors {

class log_pace {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit log_pace(std::chrono::steady_clock::duration period) : period_(period) {}

  bool due(time_point now) noexcept {
    if (last_ && now - *last_ < period_) return false;
    last_ = now;
    return true;
  }

 private:
  std::chrono::steady_clock::duration period_;
  std::optional<time_point> last_;
};

} // namespace argentum::actors
