// SPDX-License-Identifier: Apache-2.0
// What a store tells those who keep its disk bounded, and what comes of a step of their work.
#pragma once

#include "messages/types.hpp"
#include "storage/coarse_histogram.hpp"

namespace argentum::storage {

/// Seconds on a store's access clock, which runs while the store is in use and knows no wall time; 0 = never read.
using access_time = std::uint32_t;

/// What an instance takes of its volume.
struct space_report {
  std::uint64_t disk_bytes = 0;   ///< its files, those of a copy under way not counted
  std::uint64_t free_bytes = 0;   ///< of the volume, for this process
  std::uint64_t volume_bytes = 0; ///< size of the volume; 0 = there is none, as in memory
  std::uint64_t value_bytes = 0;  ///< proxy: values here, before compression (an estimate)
  std::uint64_t window_bytes = 0; ///< those of them that the window protects, as far as known
};

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

/// What one step of an eviction or of a collection did: it rewrites one file of about 64 MiB, and needs as much
/// room until the old one goes.
struct sweep_outcome {
  std::uint64_t bytes_before = 0; ///< size of the file; 0 = there was none worth it
  std::uint64_t bytes_after = 0;
  std::uint64_t records = 0; ///< values stripped, or records dropped, also by compactions meanwhile
  bool more = false;         ///< another step would find something
};

} // namespace argentum::storage
