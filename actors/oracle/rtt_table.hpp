// SPDX-License-Identifier: Apache-2.0
// Round trip times as measured, smoothed as TCP does (RFC 6298). One that is an outlier among the last three of its
// peer is left out: it tells of a pause of ours or of a lost turn of the scheduler, not of the network.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <unordered_map>

namespace argentum::actors {

class rtt_table {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using microseconds = std::chrono::microseconds;

  struct entry {
    microseconds smoothed{0};
    microseconds variation{0}; ///< smoothed deviation
    time_point measured;       ///< the last time
    std::array<microseconds, 3> last{};
    std::size_t count = 0;
  };

  /// Gives back what was made of it: the middle one of the last three.
  microseconds measured(const std::string& node, microseconds rtt, time_point now);
  /// None: never measured.
  const entry* find(const std::string& node) const;
  /// An answer that takes longer is late; 0: not known.
  microseconds timeout(const std::string& node) const;
  void forget(const std::string& node) { entries_.erase(node); }

 private:
  std::unordered_map<std::string, entry> entries_;
};

} // namespace argentum::actors
