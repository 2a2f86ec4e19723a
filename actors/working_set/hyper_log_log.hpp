// SPDX-License-Identifier: Apache-2.0
// Counts distinct hashes in 4 KiB, however many there are: HyperLogLog with the estimator of Ertl ("New cardinality
// estimation algorithms for HyperLogLog sketches", 2017), which needs no tables and no cases. The standard error is
// 1.04 / sqrt(4096) = 1.6 %; small numbers are nearly exact.
#pragma once

#include <array>
#include <cstdint>

namespace argentum::actors {

class hyper_log_log {
 public:
  static constexpr unsigned precision = 12;
  static constexpr std::size_t registers_count = std::size_t{1} << precision;
  /// Relative, of one standard deviation.
  static constexpr double standard_error = 0.01625;

  /// Mixes the hash itself: those of a sample are all small numbers.
  void add(std::uint64_t hash) noexcept;
  /// From now on counts what either has seen.
  void merge(const hyper_log_log& other) noexcept;
  double estimate() const noexcept;

 private:
  std::array<std::uint8_t, registers_count> registers_{};
};

} // namespace argentum::actors
