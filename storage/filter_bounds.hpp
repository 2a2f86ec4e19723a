// SPDX-License-Identifier: Apache-2.0
// What RocksDB's threads go by when they write table files of a store: the writer sets it, compaction filters and
// statistics of tables read it. A filter holds on to the bounds that it began with; all but the cut only ever grow,
// so it may keep too much and never takes too much.
#pragma once

#include "storage/access_table.hpp"

namespace argentum::storage {

struct filter_bounds {
  std::atomic<access_time> now = 1;   ///< the access clock
  std::atomic<access_time> cut = 0;   ///< proxy: values that were read last before it go, if the window lets them
  std::atomic<index_t> floor = 0;     ///< proxy: versions above it are in the window
  std::atomic<index_t> evictable = 0; ///< proxy: versions up to it are out of the window, even after a power loss
  std::atomic<index_t> horizon = 0;   ///< replica: durable; no index below it is answered any more
  std::atomic<std::uint64_t> records = 0; ///< that filters have stripped or dropped so far
  std::unique_ptr<access_table> accesses; ///< proxy
};

} // namespace argentum::storage
