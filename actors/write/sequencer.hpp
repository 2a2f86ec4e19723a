// SPDX-License-Identifier: Apache-2.0
// Takes client writes on the root: validates them, decides what they change, gives each an index, a stamp and its
// place in the chain, commits them in groups, and answers when they are as durable as configured. Everything it
// holds is bounded by limits::pending_write_bytes_max. When a commit fails, all writes of that group and of those
// behind it are answered with the error, and the position is read again from the store: nothing is half applied. It
// reads current values from the disk, so it is spawned with a thread of its own.
#pragma once

#include "actors/write/pending_overlay.hpp"
#include "actors/write/write_group.hpp"
#include "actors/write/write_plan.hpp"
#include "messages/limits.hpp"
#include "messages/metrics.hpp"
#include "messages/ports.hpp"
#include "storage/store.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <memory>

namespace argentum::actors {

struct sequencer_config {
  std::string instance;
  bool sync = true; ///< answer only what the disk has
  std::size_t key_bytes_max = limits::key_bytes_max;
  std::size_t value_bytes_max = limits::value_bytes_max;
  std::shared_ptr<instance_metrics> metrics;
};

struct sequencer_state {
  static inline const char* name = "argentum.sequencer";
  explicit sequencer_state(sequencer_port::pointer self);

  sequencer_port::pointer self;
};

sequencer_port::behavior_type sequencer(sequencer_port::stateful_pointer<sequencer_state> self,
                                        sequencer_config config, store_port store,
                                        std::shared_ptr<const storage::view_slot> view,
                                        std::function<stamp_t()> wall_now);

} // namespace argentum::actors
