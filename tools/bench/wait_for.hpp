// SPDX-License-Identifier: Apache-2.0
// Waiting for a condition with a deadline.
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

namespace argentum::bench {

/// Polls every `pause`; false if it is not true in time.
template <class Condition>
bool wait_quietly(Condition&& condition, std::chrono::milliseconds within,
                  std::chrono::microseconds pause = std::chrono::milliseconds{5}) {
  auto deadline = std::chrono::steady_clock::now() + within;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(pause);
  }
  return true;
}

/// Throws if it is not true in time: longer than that means that something is broken.
template <class Condition>
void wait_for(Condition&& condition, const std::string& what,
              std::chrono::milliseconds within = std::chrono::seconds{60}) {
  if (!wait_quietly(condition, within))
    throw std::runtime_error{"not within " + std::to_string(within.count() / 1000) + " s: " + what};
}

} // namespace argentum::bench
