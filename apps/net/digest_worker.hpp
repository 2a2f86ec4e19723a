// SPDX-License-Identifier: Apache-2.0
// A thread for jobs that read a whole instance (DIGEST): too long for an event loop. One at a time, in order.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace argentum::net {

class digest_worker {
 public:
  explicit digest_worker(std::size_t waiting_max);
  /// Waits for the job that runs; those in line are dropped.
  ~digest_worker();

  /// False if too many are in line.
  bool submit(std::function<void()> job);

 private:
  void run();

  const std::size_t waiting_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace argentum::net
