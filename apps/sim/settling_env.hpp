// SPDX-License-Identifier: Apache-2.0
// RocksDB's surroundings with one thing more: its background work is held back during a call and waited for after
// it, so that what is on the disk then depends on the calls alone and not on threads. Background work are the jobs
// that it schedules, and the thread with which it recovers from a full disk: that one shows itself by asking for
// the free space, once when it is about to be started (Env), and then in it (FileSystem).
#pragma once

#include <rocksdb/env.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

namespace argentum::sim {

class settling_env final : public rocksdb::EnvWrapper {
 public:
  explicit settling_env(std::shared_ptr<rocksdb::FileSystem> files);
  ~settling_env() override;

  /// From now on jobs wait for `settle`. Not while a database is closed, which waits for them.
  void hold();
  /// Lets jobs run, and waits until nothing that was begun is left.
  void settle();

  const char* Name() const override { return "settling_env"; }
  void Schedule(void (*run)(void*), void* what, Priority priority, void* tag, void (*cancel)(void*)) override;
  rocksdb::Status GetFreeSpace(const std::string& path, std::uint64_t* out) override;

 private:
  struct job;
  class watched_files;
  void begin();
  void done();
  void pass_on(std::unique_ptr<job> what);
  /// In the thread of a recovery, which ends with it.
  void recovering();

  std::mutex mutex_;
  std::condition_variable idle_;
  bool holding_ = false;
  std::vector<std::unique_ptr<job>> held_;
  std::size_t under_way_ = 0; ///< begun, and neither done nor cancelled
  bool recovery_due_ = false; ///< will begin soon
};

} // namespace argentum::sim
