// SPDX-License-Identifier: Apache-2.0
// Many answers given in a row by one thread: who brings them home may wait for the end of the row, and so wakes an
// event loop once for all of them.
#pragma once

#include <functional>
#include <utility>
#include <vector>

namespace argentum {

/// One at a time in a thread. What was put off runs when it ends.
class reply_burst {
 public:
  reply_burst() { current = this; }
  reply_burst(const reply_burst&) = delete;
  reply_burst& operator=(const reply_burst&) = delete;
  ~reply_burst() {
    current = nullptr;
    for (auto& each : put_off_) each();
  }

  /// Runs `what` at the end of this thread's burst, at once if there is none.
  template <class F>
  static void at_end(F what) {
    if (current == nullptr) return what();
    current->put_off_.emplace_back(std::move(what));
  }

 private:
  static inline thread_local reply_burst* current = nullptr;
  std::vector<std::function<void()>> put_off_;
};

} // namespace argentum
