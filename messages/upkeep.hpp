// SPDX-License-Identifier: Apache-2.0
// What keeps a node's disk bounded: what a store takes, a step of eviction or of the collection of history, and
// which fetched values a proxy caches meanwhile.
#pragma once

#include "messages/types.hpp"

namespace argentum {

/// What an instance takes of its volume.
struct space_report {
  std::uint64_t disk_bytes = 0;   ///< its files, those of a copy under way not counted
  std::uint64_t free_bytes = 0;   ///< of the volume, for this process
  std::uint64_t volume_bytes = 0; ///< size of the volume; 0 = there is none, as in memory
  std::uint64_t value_bytes = 0;  ///< proxy: values here, before compression (an estimate)
  std::uint64_t window_bytes = 0; ///< those of them that the window protects, as far as known
  std::uint64_t history_bytes = 0; ///< replica: of the disk, values of the past
  std::uint64_t tracked_keys = 0;  ///< proxy: whose last access is in memory (an estimate)
  std::uint64_t tracker_bytes = 0; ///< proxy: memory for that, when full
};
struct get_space {};

/// What one step of an eviction or of a collection did: it rewrites one file of about 64 MiB, and needs as much
/// room until the old one goes.
struct sweep_outcome {
  std::uint64_t bytes_before = 0; ///< size of the file; 0 = there was none worth it
  std::uint64_t bytes_after = 0;
  std::uint64_t records = 0; ///< values stripped, or records dropped, also by compactions meanwhile
  bool more = false;         ///< another step would find something
};

/// One step towards `bytes` less on a proxy's disk: the values that nobody has read for longest go, of one file.
struct evict_values {
  std::uint64_t bytes = 0;
};

/// A replica's horizon moves to the last entry that is stamped before `stamped` and not above `index`; never back.
struct advance_horizon {
  stamp_t stamped;
  index_t index = 0;
};
/// One step: what lies below the horizon goes, of one file.
struct collect_history {
  index_t overdue = 0; ///< what has been below it since this was the horizon goes even if it is little
};

/// Which fetched values a proxy caches.
enum class admission : std::uint8_t {
  open,      ///< all that a client asked for
  selective, ///< of keys that were asked for before
  closed,    ///< none
};
struct set_admission {
  admission what = admission::open;
};

} // namespace argentum
