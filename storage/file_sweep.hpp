// SPDX-License-Identifier: Apache-2.0
// Rewrites the table files of a store that hold what may go, one at a time and each in its own level: that needs
// room for one file, where a compaction of ranges or levels needs it for all of them, and takes young files as well
// as those of the last level, which no other compaction comes to.
#pragma once

#include "storage/rocks_db.hpp"
#include "storage/table_stats.hpp"

#include <rocksdb/metadata.h>

#include <functional>
#include <span>
#include <vector>

namespace argentum::storage {

struct table_file {
  rocksdb::ColumnFamilyHandle* family = nullptr;
  int level = 0;
  rocksdb::SstFileMetaData meta;
  table_stats stats;
  double density = 1; ///< bytes on disk per byte of keys and values
};

/// All files of a family, with their statistics. Reads memory only.
caf::expected<std::vector<table_file>> files_of(const rocks_db& db, rocksdb::ColumnFamilyHandle* family);

/// Bytes of a file that may go; 0 = it is not worth to be rewritten.
using file_worth = std::function<std::uint64_t(const table_file&)>;

/// Rewrites the file that is worth most, in this thread.
caf::expected<sweep_outcome>
rewrite_best(const rocks_db& db, std::span<rocksdb::ColumnFamilyHandle* const> families, const file_worth& worth);

} // namespace argentum::storage
