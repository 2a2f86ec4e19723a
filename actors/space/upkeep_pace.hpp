// SPDX-License-Identifier: Apache-2.0
// When the next pass of an eviction or a collection may begin: at once after a useful one; after one that freed
// nothing or failed, after a pause that doubles.
#pragma once

#include "actors/wake_up.hpp"
#include "messages/limits.hpp"

#include <algorithm>

namespace argentum::actors {

/// Pure rule; one thread.
class upkeep_pace {
 public:
  bool may_begin(time_point now) const noexcept { return now >= next_; }
  void ended(bool useful, time_point now) {
    pause_ = useful
                 ? std::chrono::seconds{0}
                 : std::clamp<std::chrono::seconds>(2 * pause_, limits::upkeep_interval, limits::upkeep_pause_max);
    next_ = now + pause_;
  }

 private:
  std::chrono::seconds pause_{0};
  time_point next_ = time_point::min();
};

} // namespace argentum::actors
