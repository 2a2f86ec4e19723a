// SPDX-License-Identifier: Apache-2.0
// What all instances of a process share, so that ten of them cost little more than one and no idle one reserves
// what a busy one needs: block cache, memtable budget, write rate, background threads and the watch over free
// space.
#pragma once

#include "messages/limits.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/rate_limiter.h>
#include <rocksdb/sst_file_manager.h>
#include <rocksdb/write_buffer_manager.h>

#include <functional>
#include <memory>
#include <string>

namespace argentum::storage {

struct rocks_limits {
  /// Blocks, filters, indexes and memtables of all instances together. Raise it until the hot set fits.
  std::size_t cache_bytes = 256 * limits::mib;
  /// Memtables of all instances, charged to the cache. Less flushes more often; more recovers longer.
  std::size_t memtable_bytes = 64 * limits::mib;
  /// Write-ahead log of one instance; families that are written rarely hold no old files. More recovers longer.
  std::uint64_t wal_bytes = 64 * limits::mib;
  /// Flushes and compactions together: reads keep their latency while a copy or a load runs.
  std::size_t write_bytes_per_second = 200 * limits::mib;
  /// The log's size counts what is in memtables. RocksDB estimates that by chance: the simulation does without.
  bool log_in_memtables = true;
  /// A file of table data, and so the room that a step of eviction needs.
  std::uint64_t table_bytes = 64 * limits::mib;
  /// When keys were read last, of one proxy instance: 8 bytes a key; taken as it fills. Keys beyond it are known by
  /// what their records say.
  std::size_t accesses_bytes = 16 * limits::mib;
  /// Compactions at a time in the process; flushes have one more thread.
  int compaction_threads = 2;
};

struct volume_space {
  std::uint64_t free_bytes = 0; ///< for this process
  std::uint64_t bytes = 0;      ///< 0 = there is no volume
};
/// Of the volume that a directory is on.
using volume_probe = std::function<volume_space(const std::string& dir)>;
volume_space real_volume(const std::string& dir);

/// Thread-safe; must outlive every store that was opened with it, which holds a reference.
class rocks_shared {
 public:
  /// `env` is the file system: the real one, or a test's.
  explicit rocks_shared(const rocks_limits& limits = {}, rocksdb::Env* env = rocksdb::Env::Default(),
                        volume_probe volume = real_volume);

  const std::shared_ptr<rocksdb::Cache>& cache() const noexcept { return cache_; }
  const std::shared_ptr<rocksdb::WriteBufferManager>& memtables() const noexcept { return memtables_; }
  std::uint64_t wal_bytes() const noexcept { return limits_.wal_bytes; }
  bool log_in_memtables() const noexcept { return limits_.log_in_memtables; }
  std::uint64_t table_bytes() const noexcept { return limits_.table_bytes; }
  std::size_t accesses_bytes() const noexcept { return limits_.accesses_bytes; }
  const std::shared_ptr<rocksdb::RateLimiter>& write_rate() const noexcept { return write_rate_; }
  const std::shared_ptr<rocksdb::SstFileManager>& files() const noexcept { return files_; }
  rocksdb::Env* env() const noexcept { return env_; }
  volume_space volume(const std::string& dir) const { return volume_(dir); }

 private:
  rocksdb::Env* env_;
  volume_probe volume_;
  rocks_limits limits_;
  std::shared_ptr<rocksdb::Cache> cache_;
  std::shared_ptr<rocksdb::WriteBufferManager> memtables_;
  std::shared_ptr<rocksdb::RateLimiter> write_rate_;
  std::shared_ptr<rocksdb::SstFileManager> files_;
};

} // namespace argentum::storage
