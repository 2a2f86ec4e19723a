// SPDX-License-Identifier: Apache-2.0
// How well this node itself does (Lifeguard: Dadgar, Phillips, Currey, "Lifeguard: Local Health Awareness for More
// Accurate Failure Detection", 2018). A node that misses answers is more likely slow itself than surrounded by the
// dead: it takes its time before it accuses anybody.
#pragma once

#include "messages/oracle_limits.hpp"

#include <algorithm>

namespace argentum::actors {

class local_health {
 public:
  void better() noexcept { score_ = score_ == 0 ? 0 : score_ - 1; }
  void worse(std::size_t by = 1) noexcept {
    score_ = static_cast<unsigned>(std::min<std::size_t>(score_ + by, limits::health_max));
  }
  /// 0 = well.
  unsigned score() const noexcept { return score_; }
  /// A time-out or an interval as it is for a node in our state.
  template <class Duration>
  Duration scaled(Duration d) const noexcept {
    return d * (1 + score_);
  }

 private:
  unsigned score_ = 0;
};

} // namespace argentum::actors
