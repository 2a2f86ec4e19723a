// SPDX-License-Identifier: Apache-2.0
// How fast a counter grew lately, for INFO. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>

namespace argentum::net {

class rate_meter {
 public:
  using clock = std::chrono::steady_clock;

  /// To be called often; looks about once a second.
  void sample(std::uint64_t count, clock::time_point now) {
    std::lock_guard lock{mutex_};
    std::chrono::duration<double> since = now - at_;
    if (since < std::chrono::seconds{1}) return;
    per_second_ = static_cast<double>(count - count_) / since.count();
    count_ = count;
    at_ = now;
  }
  std::uint64_t per_second() const {
    std::lock_guard lock{mutex_};
    return static_cast<std::uint64_t>(per_second_);
  }

 private:
  mutable std::mutex mutex_;
  std::uint64_t count_ = 0;
  clock::time_point at_ = clock::now();
  double per_second_ = 0;
};

} // namespace argentum::net
