// SPDX-License-Identifier: Apache-2.0
// A thread for jobs that read a whole instance (DIGEST, FLUSHDB): too long for an event loop. One at a time, in
// order.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace argentum::net {

class digest_worker {
 public:
  /// Looks at `stopping` every now and then, and ends early if it is set.
  using job = std::function<void(const std::atomic<bool>& stopping)>;

  explicit digest_worker(std::size_t waiting_max);
  /// Tells the job that runs to stop and waits for it; those in line are dropped.
  ~digest_worker();

  /// False if too many are in line.
  bool submit(job work);

 private:
  void run();

  const std::size_t waiting_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<job> jobs_;
  std::atomic<bool> stopping_{false}; ///< set under the mutex
  std::thread thread_;
};

} // namespace argentum::net
