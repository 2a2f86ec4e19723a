// SPDX-License-Identifier: Apache-2.0
// What compactions take out on their way, so that it costs no write of its own. RocksDB shows a filter the newest
// record of each key among its files, without regard to snapshots. So a value is stripped by changing its record,
// which goes on hiding older ones; and what is dropped leaves a deletion behind while older records may be below.
#pragma once

#include "storage/filter_bounds.hpp"

#include <rocksdb/compaction_filter.h>

namespace argentum::storage {

using filter_source = std::shared_ptr<rocksdb::CompactionFilterFactory>;

/// `default` of a proxy: strips values below the cut, and writes the last access of the others into their records.
/// Never touches a value inside the window, never removes a key.
filter_source value_filter(std::shared_ptr<filter_bounds> bounds);
/// `default` of a replica: drops tombstones up to the horizon: no index that is answered is from before them.
filter_source tombstone_filter(std::shared_ptr<filter_bounds> bounds);
/// `mvcc`: drops records that were valid last below the horizon.
filter_source history_filter(std::shared_ptr<filter_bounds> bounds);

} // namespace argentum::storage
