// SPDX-License-Identifier: Apache-2.0
// What a node says of the working set of one instance. Made by the actor, read by anybody.
#pragma once

#include "actors/working_set/reuse_curve.hpp"
#include "messages/shared_slot.hpp"

#include <chrono>
#include <memory>
#include <vector>

namespace argentum::actors {

struct working_set_report {
  /// Keys that were read in the last `span`, and their bytes with values.
  struct window {
    std::chrono::seconds span{};
    double keys = 0;
    double bytes = 0;
    double error = 0; ///< of `keys`: relative, one standard deviation
  };
  std::uint64_t one_key_in = 1;
  std::uint64_t samples = 0;      ///< since the start
  std::uint64_t reads = 0;        ///< of existing keys, that they stand for
  std::chrono::seconds watched{}; ///< windows that are longer know no more than this
  std::vector<window> windows;    ///< shortest first
  std::vector<curve_point> curve; ///< smallest cache first
  std::size_t curve_keys = 0;     ///< of the sample that it was made from
  std::size_t memory_bytes = 0;
};

/// Null until something was read.
using working_set_slot = shared_slot<const working_set_report>;

} // namespace argentum::actors
