// SPDX-License-Identifier: Apache-2.0
// How RocksDB is tuned, in one place, each value with its reason. The figures were measured with 5 million keys on
// RocksDB 7.8.3, two shared cores.
#pragma once

#include "messages/types.hpp"
#include "storage/rocks_shared.hpp"

#include <rocksdb/db.h>

#include <string>
#include <vector>

namespace argentum::storage {

inline constexpr const char* history_family = "mvcc";
inline constexpr const char* log_family = "log";
inline constexpr const char* meta_family = "meta";

rocksdb::DBOptions database_options(const rocks_shared& shared);

/// `default`: point reads, ten negative ones for each positive.
rocksdb::ColumnFamilyOptions data_options(const rocks_shared& shared);

/// `default` first, then the others of the role.
std::vector<rocksdb::ColumnFamilyDescriptor> families_of(instance_role role, const rocks_shared& shared);

} // namespace argentum::storage
