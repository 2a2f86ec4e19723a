// SPDX-License-Identifier: Apache-2.0
#include "storage/file_sweep.hpp"

#include "storage/rocks_status.hpp"

#include <algorithm>
#include <map>

namespace argentum::storage {

namespace {

double density_of(const rocksdb::SstFileMetaData& meta, const rocksdb::TableProperties& table) {
  auto raw = table.raw_key_size + table.raw_value_size;
  return raw == 0 ? 1 : static_cast<double>(meta.size) / static_cast<double>(raw);
}

/// Reads the statistics of files that are new. One that went meanwhile stays unknown.
caf::error learn(const rocks_db& db, rocksdb::ColumnFamilyHandle* family, const rocksdb::ColumnFamilyMetaData& all,
                 table_stats_cache& known) {
  std::map<std::uint64_t, const rocksdb::SstFileMetaData*> files;
  for (const auto& level : all.levels)
    for (const auto& meta : level.files) files.emplace(meta.file_number, &meta);
  table_stats_cache::numbers wanted;
  for (const auto& [number, meta] : files) wanted.push_back(number);
  auto missing = known.missing(wanted);
  if (missing.empty()) return {};
  rocksdb::TablePropertiesCollection tables;
  if (auto error = to_error(db.db().GetPropertiesOfAllTables(family, &tables), "read properties of tables"))
    return error;
  for (auto number : missing) {
    const auto& meta = *files[number];
    if (auto table = tables.find(meta.db_path + meta.name); table != tables.end())
      known.add(number, {read_stats(*table->second), density_of(meta, *table->second)});
  }
  return {};
}

/// Busy files are left to the compaction that has them, and one that is gone has been rewritten by it.
caf::expected<sweep_outcome> rewrite(const rocks_db& db, const table_file& file) {
  rocksdb::CompactionOptions options;
  options.compression = rocksdb::kDisableCompressionOption; // stands for that of the family
  std::vector<std::string> made;
  auto before = db.bounds().records.load();
  auto status = db.db().CompactFiles(options, file.family, {file.meta.name}, file.level, -1, &made);
  if (status.IsAborted() || status.IsBusy() || status.IsInvalidArgument()) return sweep_outcome{0, 0, 0, true};
  if (auto error = to_error(status, "rewrite a table file")) return error;
  sweep_outcome out{file.meta.size, 0, db.bounds().records - before, false};
  for (const auto& name : made) {
    std::uint64_t size = 0;
    if (db.shared().env()->GetFileSize(name, &size).ok()) out.bytes_after += size;
  }
  return out;
}

} // namespace

caf::expected<std::vector<table_file>> files_of(const rocks_db& db, rocksdb::ColumnFamilyHandle* family) {
  rocksdb::ColumnFamilyMetaData all;
  db.db().GetColumnFamilyMetaData(family, &all);
  auto& known = db.stats(family);
  if (auto error = learn(db, family, all, known)) return error;
  std::vector<table_file> out;
  for (const auto& level : all.levels)
    for (const auto& meta : level.files)
      if (auto file = known.find(meta.file_number)) out.push_back({family, level.level, meta, *std::move(file)});
  return out;
}

caf::expected<sweep_outcome>
rewrite_best(const rocks_db& db, std::span<rocksdb::ColumnFamilyHandle* const> families, const file_worth& worth) {
  std::optional<table_file> best;
  std::uint64_t most = 0;
  int found = 0;
  for (auto* family : families) {
    auto files = files_of(db, family);
    if (!files) return files.error();
    for (auto& file : *files) {
      auto bytes = worth(file);
      if (bytes == 0) continue;
      ++found;
      if (bytes <= most || file.meta.being_compacted) continue;
      most = bytes;
      best = std::move(file);
    }
  }
  if (!best) return sweep_outcome{0, 0, 0, found > 0};
  auto out = rewrite(db, *best);
  if (out) out->more |= found > 1;
  return out;
}

} // namespace argentum::storage
