// SPDX-License-Identifier: Apache-2.0
// Whether a replica can be trusted with a miss, a circuit breaker:
//
//   well -- isolation_failures in a row --> isolated -- time --> half-open -- an answer --> well
//                                              ^                     |
//                                              +-- twice as long ----+  another failure
//
// A lost link is no failure: whether there is a link says enough.
#pragma once

#include <chrono>
#include <string>

namespace argentum::actors {

/// Pure rule; one thread.
class replica_health {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::steady_clock::duration;

  enum class phase : std::uint8_t { well, isolated, half_open };
  phase at(time_point now) const noexcept;
  /// It answered.
  void succeeded() { *this = {}; }
  /// It could not answer, or did not. True if that isolates it, for the first time or again.
  bool failed(const std::string& why, time_point now);

  /// Why it is not well, empty if it is.
  const std::string& trouble() const noexcept { return trouble_; }
  time_point isolated_until() const noexcept { return until_; }

 private:
  unsigned failures_ = 0; ///< in a row
  duration isolation_{0}; ///< the last one; 0 = well
  time_point until_{};
  std::string trouble_;
};

} // namespace argentum::actors
