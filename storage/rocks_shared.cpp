// SPDX-License-Identifier: Apache-2.0
#include "storage/rocks_shared.hpp"

namespace argentum::storage {

rocks_shared::rocks_shared(const rocks_limits& limits, rocksdb::Env* env)
    : env_(env),
      wal_bytes_(limits.wal_bytes),
      log_in_memtables_(limits.log_in_memtables),
      cache_(rocksdb::NewLRUCache(limits.cache_bytes)),
      memtables_(std::make_shared<rocksdb::WriteBufferManager>(limits.memtable_bytes, cache_)),
      write_rate_(rocksdb::NewGenericRateLimiter(static_cast<std::int64_t>(limits.write_bytes_per_second))),
      files_(rocksdb::NewSstFileManager(env)) {
  env->SetBackgroundThreads(limits.compaction_threads, rocksdb::Env::Priority::LOW);
  env->SetBackgroundThreads(1, rocksdb::Env::Priority::HIGH);
}

} // namespace argentum::storage
