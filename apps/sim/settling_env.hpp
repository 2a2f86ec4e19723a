// SPDX-License-Identifier: Apache-2.0
// RocksDB's surroundings with one thing more: it can be waited for until none of its background work is left, so
// that what is on the disk after a call depends on the calls alone and not on threads. Background work are the jobs
// that it schedules, and the thread with which it recovers from a full disk: that one shows itself by asking for
// the free space, once when it is about to be started (Env), and then in it (FileSystem).
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

  /// Waits until nothing that was begun is left.
  void settle();

  const char* Name() const override { return "settling_env"; }
  void Schedule(void (*run)(void*), void* what, Priority priority, void* tag, void (*cancel)(void*)) override;
  rocksdb::Status GetFreeSpace(const std::string& path, std::uint64_t* out) override;

 private:
  struct job;
  class watched_files;
  void begin();
  void done();
  /// In the thread of a recovery, which ends with it.
  void recovering();

  std::mutex mutex_;
  std::condition_variable idle_;
  std::size_t under_way_ = 0; ///< begun, and neither done nor cancelled
  bool recovery_due_ = false; ///< will begin soon
};

} // namespace argentum::sim
