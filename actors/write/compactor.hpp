// SPDX-License-Identifier: Apache-2.0
// Rewrites files beside the storage actors: one step of an eviction or of a collection takes as long as a file
// needs to be read and written at the limited rate. One for all instances of a node: their steps take turns in the
// order asked, and each has one under way at most. Spawned with a thread of its own.
#pragma once

#include "messages/ports.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace argentum::actors {

struct compactor_state {
  static inline const char* name = "argentum.compactor";
};

compactor_port::behavior_type compactor(compactor_port::stateful_pointer<compactor_state> self);

} // namespace argentum::actors
