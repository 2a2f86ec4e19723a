// SPDX-License-Identifier: Apache-2.0
// Timers of an actor that has several deadlines: one tick message for the earliest of them. CAF timers can't be
// cancelled cheaply, so an actor asks for a tick and decides by its own deadlines what is due; a tick too many does
// nothing.
#pragma once

#include "messages/store_commands.hpp"

#include <caf/actor_clock.hpp>

namespace argentum::actors {

using time_point = caf::actor_clock::time_point;

class wake_up {
 public:
  /// Sends `self` a tick at `when`, unless one at or before it is on its way.
  template <class Self>
  void at(Self* self, time_point when) {
    if (when >= due_) return;
    due_ = when;
    self->scheduled_send(self, when, tick{});
  }
  /// To be called first on each tick.
  void fired(time_point now) noexcept {
    if (now >= due_) due_ = time_point::max();
  }

 private:
  time_point due_ = time_point::max();
};

} // namespace argentum::actors
