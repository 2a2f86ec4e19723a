// SPDX-License-Identifier: Apache-2.0
// A place for a shared object that many threads read and one now and then replaces. It stands for gcc 12's
// std::atomic<std::shared_ptr>, which is a lock too, but one whose load lets go of it with relaxed order.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace argentum {

template <class T>
class shared_slot {
 public:
  explicit shared_slot(std::shared_ptr<T> value = {}) : value_(std::move(value)) {}

  std::shared_ptr<T> load() const {
    std::lock_guard lock{mutex_};
    return value_;
  }
  void store(std::shared_ptr<T> value) { // the old one ends, if at all, after the lock does
    std::lock_guard lock{mutex_};
    value_.swap(value);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<T> value_;
};

} // namespace argentum
