// SPDX-License-Identifier: Apache-2.0
// How long a suspected member may take to say that it lives (Lifeguard). One accuser may be wrong about it: long.
// Each further one that found out by itself shortens the time, down to the least after `suspicion_confirmations`.
#pragma once

#include "messages/oracle_limits.hpp"

#include <chrono>
#include <set>
#include <string>

namespace argentum::actors {

class suspicion {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::steady_clock::duration;

  /// `members` live ones are known, the suspect and ourselves among them.
  suspicion(time_point now, std::string accuser, std::size_t members);

  /// Another accuser; false if it is none, or enough have been heard: then nobody else need hear of this one.
  bool confirm(const std::string& accuser);
  /// When it counts as dead.
  time_point deadline() const noexcept;
  /// We have slept: all that time the suspect could not reach us. From now on it has `least` still.
  void postpone(time_point now, duration slept, duration least);

 private:
  time_point since_;
  duration least_;
  duration most_;
  std::size_t enough_; ///< confirmations after which it gets the least time; 0: at once
  std::set<std::string> accusers_;
};

} // namespace argentum::actors
