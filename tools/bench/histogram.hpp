// SPDX-License-Identifier: Apache-2.0
// Latencies in buckets whose width is 1/64 of their value: percentiles are right to 1.6 %, adding one costs a few
// nanoseconds and no memory, for any number of values.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

namespace argentum::bench {

/// In microseconds.
struct latency {
  double p50 = 0;
  double p99 = 0;
  double p999 = 0;
};

/// One thread.
class histogram {
 public:
  /// Below zero counts as zero.
  void add(std::chrono::nanoseconds value) noexcept;
  std::uint64_t count() const noexcept { return count_; }
  /// The smallest value that `share` (0..1) of all values do not exceed; 0 if there is none.
  std::chrono::nanoseconds percentile(double share) const noexcept;
  latency summary() const noexcept;

 private:
  static constexpr int sub_bits = 6;
  static constexpr std::size_t bucket_count = (64 - sub_bits + 1) << sub_bits;

  std::array<std::uint64_t, bucket_count> buckets_{};
  std::uint64_t count_ = 0;
};

} // namespace argentum::bench
