// SPDX-License-Identifier: Apache-2.0
// What the state of the disk asks of a proxy: how much to evict, which values to admit, when to raise the alarm.
//
// Eviction begins over a soft limit and goes on until a sixteenth of the limit below it, so that it comes in
// passes. Admission is closed over a hard limit and open again a thirty-second below it, so that it does not
// flutter. Near the soft limit (less than a sixteenth) it is selective: what comes in pushes something out, and
// must have been asked for before. A step of eviction writes one table anew before it deletes the old one: that
// much counts as taken already (an eighth of the limit at most, for small ones), so the limits hold during a pass
// too.
//
// A verdict asks for an eighth of what could be evicted at most: instances of a volume that is short of space give
// by proportion, and everyone looks again.
#pragma once

#include "actors/space/space_limits.hpp"
#include "messages/upkeep.hpp"

#include <utility>

namespace argentum::actors {

struct space_verdict {
  admission admit = admission::open;
  std::uint64_t to_free = 0; ///< bytes of the disk; 0 = nothing to do
  bool alarm = false;        ///< over a hard limit, and what could be evicted does not bring it below
};

/// Pure rule; one thread.
class space_keeper {
 public:
  explicit space_keeper(space_limits limits = {}) : limits_(std::move(limits)) {}

  space_verdict look(const space_report& now);

 private:
  space_limits limits_;
  bool evicting_ = false;
  bool closed_ = false;
};

} // namespace argentum::actors
