// SPDX-License-Identifier: Apache-2.0
// Rewrites the table files of a store that hold what may go, one at a time and each in its own level: that needs
// room for one file, where a compaction of ranges or levels needs it for all of them, and takes young files as well
// as those of the last level, which no other compaction comes to.
#pragma once

#include "storage/rocks_db.hpp"

#include <rocksdb/metadata.h>

#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace argentum::storage {

struct table_file : sized_stats {
  table_file(rocksdb::ColumnFamilyHandle* of, int at, rocksdb::SstFileMetaData what, sized_stats with)
      : sized_stats(std::move(with)), family(of), level(at), meta(std::move(what)) {}

  rocksdb::ColumnFamilyHandle* family;
  int level;
  rocksdb::SstFileMetaData meta;
};

/// All files of a family, with their statistics. Reads memory only.
caf::expected<std::vector<table_file>> files_of(const rocks_db& db, rocksdb::ColumnFamilyHandle* family);

/// Bytes of a file that may go; 0 = it is not worth to be rewritten.
using file_worth = std::function<std::uint64_t(const table_file&)>;

/// Rewrites the file that is worth most, in this thread.
caf::expected<sweep_outcome>
rewrite_best(const rocks_db& db, std::span<rocksdb::ColumnFamilyHandle* const> families, const file_worth& worth);

} // namespace argentum::storage
