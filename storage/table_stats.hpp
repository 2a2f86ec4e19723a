// SPDX-License-Identifier: Apache-2.0
// What a table file holds that may go one day, gathered while it is written and kept in its properties: so that the
// files worth rewriting are found without reading any, and after a restart too.
#pragma once

#include "storage/filter_bounds.hpp"

#include <rocksdb/table_properties.h>

#include <limits>

namespace argentum::storage {

/// Bytes of keys and values before compression.
struct table_stats {
  /// Proxy: values outside the window, by their last access. Replica: history by the last index it was valid at,
  /// and tombstones by the index before their own. What lies below a cut or a horizon may go.
  coarse_histogram loose;
  std::uint64_t oldest = std::numeric_limits<std::uint64_t>::max(); ///< the lowest of these points
  /// Proxy: values that were inside the window then, by their version. Those that it has left since may go too;
  /// their last access is known once the file is written again.
  coarse_histogram held;
};

/// None of those if the file has no statistics.
table_stats read_stats(const rocksdb::TableProperties& table);

using stats_source = std::shared_ptr<rocksdb::TablePropertiesCollectorFactory>;
stats_source value_stats(std::shared_ptr<const filter_bounds> bounds); ///< `default` of a proxy
stats_source tombstone_stats();                                        ///< `default` of a replica
stats_source history_stats();                                          ///< `mvcc`

} // namespace argentum::storage
