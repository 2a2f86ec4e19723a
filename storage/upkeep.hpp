// SPDX-License-Identifier: Apache-2.0
// What a store tells those who keep its disk bounded, and what comes of a step of their work.
#pragma once

#include "messages/upkeep.hpp"
#include "storage/coarse_histogram.hpp"

namespace argentum::storage {

/// Seconds on a store's access clock, which runs while the store is in use and knows no wall time; 0 = never read.
using access_time = std::uint32_t;

using argentum::space_report;
using argentum::sweep_outcome;

/// Proxy: the values outside the window, as bytes that they take on disk (estimates), by their last access. Reads
/// since a file was written are not in it: a step finds these values in use, and the next report has them so.
struct access_ages {
  access_time now = 0;
  coarse_histogram bytes;

  /// The cut of an eviction that frees about this much: values whose last access is before it.
  access_time cut_for(std::uint64_t wanted) const noexcept {
    auto cut = bytes.point_above(wanted);
    return cut < now ? static_cast<access_time>(cut) : now;
  }
};

} // namespace argentum::storage
