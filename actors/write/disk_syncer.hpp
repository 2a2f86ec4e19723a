// SPDX-License-Identifier: Apache-2.0
// Waits for the disk beside the storage actors: a sync takes as long as the disk has other work, and a storage
// actor that waited for it would hold up every entry on its way through this node. One for all instances of a node,
// so their syncs follow each other; each store has one under way at most. Spawned with a thread of its own.
#pragma once

#include "messages/ports.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace argentum::actors {

struct syncer_state {
  static inline const char* name = "argentum.syncer";
};

syncer_port::behavior_type disk_syncer(syncer_port::stateful_pointer<syncer_state> self);

} // namespace argentum::actors
