// SPDX-License-Identifier: Apache-2.0
// RocksDB's surroundings with one thing more: it can be waited for until none of its background work is left, so
// that what is on the disk after a call depends on the calls alone and not on threads.
#pragma once

#include <rocksdb/env.h>

#include <condition_variable>
#include <memory>
#include <mutex>

namespace argentum::sim {

class settling_env final : public rocksdb::EnvWrapper {
 public:
  explicit settling_env(std::shared_ptr<rocksdb::FileSystem> files);
  ~settling_env() override { settle(); }

  /// Waits until nothing that was scheduled is left.
  void settle();

  const char* Name() const override { return "settling_env"; }
  void Schedule(void (*run)(void*), void* what, Priority priority, void* tag, void (*cancel)(void*)) override;

 private:
  struct job;
  void done();

  std::mutex mutex_;
  std::condition_variable idle_;
  std::size_t under_way_ = 0; ///< scheduled, and neither done nor cancelled
};

} // namespace argentum::sim
