// SPDX-License-Identifier: Apache-2.0
// Moves a replica's horizon along and has what lies below it dropped from the disk. An entry becomes history when
// both clocks agree: it is stamped a span before the newest entry, and this process has held it for a span by its
// monotonic clock (held_entries). So a root's wall clock that jumps ahead shortens no history, and one that jumps
// back, whose stamps then stand still, only makes it longer. The horizon moves in steps of a 128th of the span; the
// store has it on disk before anything is dropped. After each step files are rewritten one by one, until those that
// are left hold little of the past; what stays in them goes when it has been below the horizon for
// limits::history_overdue, or half a span if that is less. Uses: store_port.
#pragma once

#include "actors/space/held_entries.hpp"
#include "actors/space/upkeep_pace.hpp"
#include "messages/metrics.hpp"
#include "messages/ports.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <string>

namespace argentum::actors {

struct version_collector_config {
  std::string instance;
  std::chrono::milliseconds span = limits::history_span;
  std::shared_ptr<instance_metrics> metrics;
};

struct version_collector_state {
  static inline const char* name = "argentum.version_collector";
  explicit version_collector_state(upkeep_port::pointer owner) : self(owner) {}

  void on_tick();
  void on_report(const store_report& now);
  void on_horizon(const store_report& now);
  void step();
  void on_step(const sweep_outcome& outcome);
  void on_error(const caf::error& why);
  void end_pass(bool useful);
  std::chrono::milliseconds stride() const;

  upkeep_port::pointer self;
  version_collector_config config;
  store_port store;
  held_entries held{limits::history_span};
  held_entries below{limits::history_overdue}; ///< horizons
  upkeep_pace pace;
  bool busy = false; ///< an answer of the store is on its way
  collect_history wanted;
  index_t horizon = 0;
  index_t collected = 0;         ///< the horizon when the last pass ended
  index_t overdue_collected = 0; ///< and what was overdue then
  std::uint64_t dropped = 0;     ///< in this pass
  wake_up timer;
};

upkeep_port::behavior_type version_collector(upkeep_port::stateful_pointer<version_collector_state> self,
                                             version_collector_config config, store_port store);

} // namespace argentum::actors
