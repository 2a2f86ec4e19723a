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

#include <memory>

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
  /// Compactions at a time in the process; flushes have one more thread.
  int compaction_threads = 2;
};

/// Thread-safe; must outlive every store that was opened with it, which holds a reference.
class rocks_shared {
 public:
  /// `env` is the file system: the real one, or a test's.
  explicit rocks_shared(const rocks_limits& limits = {}, rocksdb::Env* env = rocksdb::Env::Default());

  const std::shared_ptr<rocksdb::Cache>& cache() const noexcept { return cache_; }
  const std::shared_ptr<rocksdb::WriteBufferManager>& memtables() const noexcept { return memtables_; }
  std::uint64_t wal_bytes() const noexcept { return wal_bytes_; }
  bool log_in_memtables() const noexcept { return log_in_memtables_; }
  const std::shared_ptr<rocksdb::RateLimiter>& write_rate() const noexcept { return write_rate_; }
  const std::shared_ptr<rocksdb::SstFileManager>& files() const noexcept { return files_; }
  rocksdb::Env* env() const noexcept { return env_; }

 private:
  rocksdb::Env* env_;
  std::uint64_t wal_bytes_;
  bool log_in_memtables_;
  std::shared_ptr<rocksdb::Cache> cache_;
  std::shared_ptr<rocksdb::WriteBufferManager> memtables_;
  std::shared_ptr<rocksdb::RateLimiter> write_rate_;
  std::shared_ptr<rocksdb::SstFileManager> files_;
};

} // namespace argentum::storage
