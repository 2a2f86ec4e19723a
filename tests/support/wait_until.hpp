// SPDX-License-Identifier: Apache-2.0
// The one way for a test to wait for what other threads do: a condition and a deadline, never a guess.
#pragma once

#include <chrono>
#include <thread>

namespace argentum::test {

/// Whether the condition became true within the deadline.
template <class Condition>
bool wait_until(Condition condition, std::chrono::seconds deadline = std::chrono::seconds{20}) {
  for (auto end = std::chrono::steady_clock::now() + deadline; !condition();) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

} // namespace argentum::test
