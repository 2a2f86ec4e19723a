// SPDX-License-Identifier: Apache-2.0
// A datacenter of the simulated world: where it is, what stands in it, what its clients read.
#pragma once

#include "apps/sim/geography.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace argentum::sim {

struct datacenter {
  std::string name;
  std::string size; ///< name of its [[size]]; empty: it says all by itself
  std::optional<geo_position> position;
  std::uint64_t intermediates = 0;
  std::uint64_t replicas = 0;
  std::uint64_t proxies = 0;
  std::string follows = "root";     ///< whom its intermediates follow: "root", or the nearest of a size
  double working_set_percent = 100; ///< share of the keys that its clients read
  std::uint64_t soft_limit = 0;     ///< bytes that each of its proxies takes before it evicts; 0 = no bound
};

} // namespace argentum::sim
