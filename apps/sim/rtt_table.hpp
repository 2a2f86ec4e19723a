// SPDX-License-Identifier: Apache-2.0
// Round trip times between all datacenters: measured ones where there are any, else by their positions.
#pragma once

#include "apps/sim/datacenter.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace argentum::sim {

/// Milliseconds there and back, by the names of two datacenters in either order.
using measured_rtts = std::map<std::pair<std::string, std::string>, double>;

class rtt_table {
 public:
  rtt_table() = default;
  rtt_table(const std::vector<datacenter>& places, const measured_rtts& measured, double path_factor,
            double lan_rtt_ms);

  /// By number, in the order of `places`. Negative: nobody knows.
  double between(std::size_t a, std::size_t b) const { return ms_[a * size_ + b]; }
  /// All, the nearest first; itself is the first, equally near ones stay in order.
  std::vector<std::size_t> by_distance(std::size_t from) const;
  /// Two that have neither positions nor a measured time.
  std::optional<std::pair<std::size_t, std::size_t>> unknown_pair() const;

 private:
  std::size_t size_ = 0;
  std::vector<double> ms_;
};

} // namespace argentum::sim
