// SPDX-License-Identifier: Apache-2.0
// All randomness of a run. The distributions are our own: those of the standard library differ between libraries,
// and a seed must mean the same run everywhere.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <random>

namespace argentum::sim {

/// Virtual time since the start of the run.
using vtime = std::chrono::nanoseconds;

class random_source {
 public:
  explicit random_source(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t next() { return engine_(); }
  /// 0 .. count - 1; count > 0.
  std::uint64_t below(std::uint64_t count) { return engine_() % count; }
  /// 0 <= x < 1.
  double unit() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  bool percent(std::uint64_t chance) { return below(100) < chance; }
  vtime up_to(vtime most) {
    return vtime{static_cast<vtime::rep>(below(static_cast<std::uint64_t>(most.count()) + 1))};
  }
  /// Time to the next of events that come independently, every `mean` on average.
  vtime until_next(vtime mean) {
    return vtime{static_cast<vtime::rep>(-std::log(1.0 - unit()) * static_cast<double>(mean.count())) + 1};
  }

 private:
  std::mt19937_64 engine_;
};

/// Ranks 0 .. count - 1 with falling popularity, rank r as often as 1 / (r + 1)^skew (skew 0: all alike). Drawn
/// from the integral of that curve: exact enough for a workload, and it needs no table.
class zipf_ranks {
 public:
  zipf_ranks(std::uint64_t count, double skew) : count_(count), skew_(skew) {}
  std::uint64_t draw(random_source& random) const {
    double u = random.unit();
    double n = static_cast<double>(count_);
    double rank = std::abs(skew_ - 1.0) < 1e-6
                      ? std::pow(n + 1.0, u)
                      : std::pow(u * (std::pow(n + 1.0, 1.0 - skew_) - 1.0) + 1.0, 1.0 / (1.0 - skew_));
    auto index = static_cast<std::uint64_t>(rank) - 1;
    return index < count_ ? index : count_ - 1;
  }

 private:
  std::uint64_t count_;
  double skew_;
};

} // namespace argentum::sim
