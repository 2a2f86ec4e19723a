// SPDX-License-Identifier: Apache-2.0
#include "storage/rocks_shared.hpp"

#include <filesystem>

namespace argentum::storage {

volume_space real_volume(const std::string& dir) {
  std::error_code none;
  auto space = std::filesystem::space(dir, none);
  return none ? volume_space{} : volume_space{space.available, space.capacity};
}

rocks_shared::rocks_shared(const rocks_limits& limits, rocksdb::Env* env, volume_probe volume)
    : env_(env),
      volume_(std::move(volume)),
      limits_(limits),
      cache_(rocksdb::NewLRUCache(limits.cache_bytes)),
      memtables_(std::make_shared<rocksdb::WriteBufferManager>(limits.memtable_bytes, cache_)),
      write_rate_(rocksdb::NewGenericRateLimiter(static_cast<std::int64_t>(limits.write_bytes_per_second))),
      files_(rocksdb::NewSstFileManager(env)) {
  env->SetBackgroundThreads(limits.compaction_threads, rocksdb::Env::Priority::LOW);
  env->SetBackgroundThreads(1, rocksdb::Env::Priority::HIGH);
}

} // namespace argentum::storage
