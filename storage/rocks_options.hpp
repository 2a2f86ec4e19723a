// SPDX-License-Identifier: Apache-2.0
// How RocksDB is tuned, in one place, each value with its reason. The figures were measured with 5 million keys on
// RocksDB 7.8.3, two shared cores.
#pragma once

#include "messages/types.hpp"
#include "storage/filter_bounds.hpp"
#include "storage/rocks_shared.hpp"

#include <rocksdb/db.h>

#include <string>
#include <vector>

namespace argentum::storage {

inline constexpr const char* history_family = "mvcc";
inline constexpr const char* log_family = "log";
inline constexpr const char* meta_family = "meta";

rocksdb::DBOptions database_options(const rocks_shared& shared);

/// `default` first, then the others of the role. Their filters and statistics go by `bounds`.
std::vector<rocksdb::ColumnFamilyDescriptor> families_of(instance_role role, const rocks_shared& shared,
                                                         const std::shared_ptr<filter_bounds>& bounds);

} // namespace argentum::storage
