// SPDX-License-Identifier: Apache-2.0
#include "storage/rocks_options.hpp"

#include "storage/filters.hpp"
#include "storage/key_codec.hpp"
#include "storage/table_stats.hpp"

#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include <algorithm>

namespace argentum::storage {

namespace {

using limits::kib;
using limits::mib;

rocksdb::CompressionType supported(rocksdb::CompressionType wanted) {
  static const auto all = rocksdb::GetSupportedCompressions();
  return std::find(all.begin(), all.end(), wanted) != all.end() ? wanted : rocksdb::kNoCompression;
}

rocksdb::BlockBasedTableOptions table_options(const rocks_shared& shared) {
  rocksdb::BlockBasedTableOptions out;
  out.block_cache = shared.cache();
  out.format_version = 5; // the newest of 7.8: smaller and faster Bloom filters
  // Filters and indexes count against the cache, so that memory has one bound, and are pinned in it: unpinned ones
  // cost up to 4 ms at p99.9 of negative reads.
  out.cache_index_and_filter_blocks = true;
  out.metadata_cache_options.unpartitioned_pinning = rocksdb::PinningTier::kAll;
  return out;
}

rocksdb::ColumnFamilyOptions family_options(const rocks_shared& shared, std::size_t buffer_bytes) {
  rocksdb::ColumnFamilyOptions out;
  out.target_file_size_base = shared.table_bytes();
  out.write_buffer_size = buffer_bytes;
  out.arena_block_size = 64 * kib;                        // the default (1 MiB) would be most of an idle process
  out.level_compaction_dynamic_level_bytes = true;        // few levels: a negative read asks one filter per level
  out.compression = supported(rocksdb::kLZ4Compression);  // cheap where data is rewritten soon
  out.bottommost_compression = supported(rocksdb::kZSTD); // small where most of the data rests
  out.bottommost_compression_opts.enabled = true;
  out.bottommost_compression_opts.level = 1; // the default (3) takes twice the time for 2 % less
  return out;
}

/// Ten bits a key: one negative read in a hundred touches a block. Ribbon below level 0 needs 30 % less memory for
/// that, is as fast to ask, and slower to build, so flushes build Bloom.
std::shared_ptr<const rocksdb::FilterPolicy> filter() {
  return std::shared_ptr<const rocksdb::FilterPolicy>{rocksdb::NewRibbonFilterPolicy(10, 1)};
}

/// The keys of a batch come in order: each is looked for from where the one before went. Searching the whole
/// memtable for every key was half of a replica's work. For families without DeleteRange only: RocksDB 7.8 takes
/// the place of a range tombstone, which is in another list, for that of a key.
std::shared_ptr<const rocksdb::SliceTransform> insert_hint() {
  return std::shared_ptr<const rocksdb::SliceTransform>{rocksdb::NewFixedPrefixTransform(0)};
}

/// `default`: point reads, ten negative ones for each positive.
rocksdb::ColumnFamilyOptions data_options(const rocks_shared& shared) {
  auto out = family_options(shared, 16 * mib);
  auto table = table_options(shared);
  table.filter_policy = filter();
  table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash; // for point reads
  out.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  out.memtable_prefix_bloom_size_ratio = 0.02; // 320 KiB: what is not in the memtable is not searched in it
  out.memtable_whole_key_filtering = true;
  out.memtable_insert_with_hint_prefix_extractor = insert_hint();
  return out;
}

rocksdb::ColumnFamilyOptions history_options(const rocks_shared& shared) {
  auto out = family_options(shared, 16 * mib);
  auto table = table_options(shared);
  // Reads seek within one key: the filter knows prefixes only (2 us a seek with it, 12 us without).
  table.filter_policy = filter();
  table.whole_key_filtering = false;
  out.prefix_extractor = history_prefix_extractor();
  out.memtable_insert_with_hint_prefix_extractor = insert_hint();
  out.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return out;
}

rocksdb::ColumnFamilyOptions log_options(const rocks_shared& shared) {
  auto out = family_options(shared, 16 * mib);
  // As on the last level, so that files, which don't overlap, are moved there and never written again.
  out.compression = out.bottommost_compression;
  out.compression_opts.level = out.bottommost_compression_opts.level;
  auto table = table_options(shared);
  table.block_size = 32 * kib; // read in runs; no filter, since whatever is asked for is there
  out.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return out;
}

rocksdb::ColumnFamilyOptions meta_options(const rocks_shared& shared) {
  auto out = family_options(shared, 1 * mib); // two keys, overwritten with each batch
  out.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table_options(shared)));
  return out;
}

/// RocksDB's own log file is not written: on a full disk 7.8 aborts at the second line that does not fit
/// (WritableFileWriter: "sync_without_flush_called_"). What goes wrong comes back as a status and is logged by us.
class no_log final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

} // namespace

rocksdb::DBOptions database_options(const rocks_shared& shared) {
  rocksdb::DBOptions out;
  out.env = shared.env();
  out.write_buffer_manager = shared.memtables();
  out.rate_limiter = shared.write_rate();
  out.sst_file_manager = shared.files(); // also resumes writing when a full disk has room again
  out.max_background_jobs = 4;           // the shared thread pools are the real bound
  out.bytes_per_sync =
      1 * mib; // spreads write-back over time: read p99.9 0.9 ms instead of 7.7 ms while compacting
  out.wal_bytes_per_sync = 512 * kib; // so that a sync of the log finds little left to write
  out.max_total_wal_size = shared.wal_bytes();
  out.avoid_flush_during_shutdown = true;     // what is not in tables is in the WAL
  out.allow_fallocate = false;                // ten idle instances would reserve 180 MB of disk
  out.manifest_preallocation_size = 64 * kib; // same
  out.max_open_files = -1;                    // no table is opened in the middle of a read
  out.info_log = std::make_shared<no_log>();
  out.stats_dump_period_sec = 0; // nobody reads RocksDB's own statistics
  out.stats_persist_period_sec = 0;
  return out;
}

std::vector<rocksdb::ColumnFamilyDescriptor> families_of(instance_role role, const rocks_shared& shared,
                                                         const std::shared_ptr<filter_bounds>& bounds) {
  std::vector<rocksdb::ColumnFamilyDescriptor> out;
  auto add = [&](const std::string& name, rocksdb::ColumnFamilyOptions options, filter_source filter,
                 stats_source stats) {
    options.compaction_filter_factory = std::move(filter);
    if (stats) options.table_properties_collector_factories.push_back(std::move(stats));
    out.emplace_back(name, options);
  };
  bool proxy = role == instance_role::proxy;
  add(rocksdb::kDefaultColumnFamilyName, data_options(shared),
      proxy ? value_filter(bounds) : tombstone_filter(bounds), proxy ? value_stats(bounds) : tombstone_stats());
  add(meta_family, meta_options(shared), {}, {});
  if (proxy) return out;
  add(history_family, history_options(shared), history_filter(bounds), history_stats());
  add(log_family, log_options(shared), {}, {});
  return out;
}

} // namespace argentum::storage
