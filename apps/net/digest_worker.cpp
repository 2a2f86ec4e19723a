// SPDX-License-Identifier: Apache-2.0
#include "apps/net/digest_worker.hpp"

namespace argentum::net {

digest_worker::digest_worker(std::size_t waiting_max) : waiting_max_(waiting_max), thread_([this] { run(); }) {}

digest_worker::~digest_worker() {
  {
    std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

bool digest_worker::submit(job work) {
  {
    std::lock_guard lock{mutex_};
    if (jobs_.size() >= waiting_max_) return false;
    jobs_.push_back(std::move(work));
  }
  changed_.notify_one();
  return true;
}

void digest_worker::run() {
  std::unique_lock lock{mutex_};
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (stopping_) return;
    auto work = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    work(stopping_);
    work = nullptr;
    lock.lock();
  }
}

} // namespace argentum::net
