// SPDX-License-Identifier: Apache-2.0
// Do others know other members than we do? News that are under way reach all within seconds, so answers to our
// probes that go on telling another view (member_table::view) than ours show that news have been lost, here or
// there. Those that tell the same view speak for ours.
#pragma once

#include "messages/oracle_limits.hpp"

#include <algorithm>
#include <cstdint>

namespace argentum::actors {

class view_watch {
 public:
  /// Somebody has told its view. True: exchange full states with it; not soon again if that changes nothing.
  bool differs(std::uint64_t ours, std::uint64_t theirs) noexcept {
    if (ours == theirs) {
      against_ = std::min(against_, limits::view_differences_min);
      against_ -= against_ > 0 ? 1 : 0;
      enough_ = limits::view_differences_min;
      return false;
    }
    if (++against_ < enough_) return false;
    against_ = 0;
    enough_ = std::min(2 * enough_, limits::view_differences_max);
    return true;
  }

 private:
  unsigned against_ = 0; ///< answers against our view, less those for it
  unsigned enough_ = limits::view_differences_min;
};

} // namespace argentum::actors
