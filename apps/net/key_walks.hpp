// SPDX-License-Identifier: Apache-2.0
// Where RANDOMKEY is on its way round the keys of each instance. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <random>
#include <string>

namespace argentum::net {

class key_walks {
 public:
  /// The last key of the page before; empty: start anew.
  std::string place(std::size_t instance) {
    std::lock_guard lock{mutex_};
    return places_[instance];
  }
  void go_on(std::size_t instance, std::string last_key) {
    std::lock_guard lock{mutex_};
    places_[instance] = std::move(last_key);
  }
  std::size_t below(std::size_t bound) {
    std::lock_guard lock{mutex_};
    return std::uniform_int_distribution<std::size_t>{0, bound - 1}(random_);
  }

 private:
  std::mutex mutex_;
  std::map<std::size_t, std::string> places_;
  std::mt19937_64 random_{std::random_device{}()};
};

} // namespace argentum::net
