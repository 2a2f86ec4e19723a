// SPDX-License-Identifier: Apache-2.0
// Keeps a proxy's disk within its limits. It looks at the disk every limits::upkeep_interval. Over a soft limit it
// has the values evicted that nobody has read for longest: file by file, one step at a time, looking again after
// each, until the disk is below the low-water mark or nothing is left to evict. Which fetched values are cached
// meanwhile it tells proxy_lookup, which then sends the others to nobody.
//
// A window that is over the hard limit all by itself is the operator's to solve: an alarm says so. Replication goes
// on while the disk takes it; when it is full, the storage actor answers disk_full and the sink tries again.
// Uses: store_port, proxy_lookup_port.
#pragma once

#include "actors/space/space_keeper.hpp"
#include "actors/space/upkeep_pace.hpp"
#include "messages/metrics.hpp"
#include "messages/ports.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <string>

namespace argentum::actors {

struct evictor_config {
  std::string instance;
  space_limits limits;
  std::shared_ptr<instance_metrics> metrics;
};

struct evictor_state {
  static inline const char* name = "argentum.evictor";
  explicit evictor_state(upkeep_port::pointer owner) : self(owner) {}

  void on_tick();
  void look();
  void on_space(const space_report& now);
  void on_step(const sweep_outcome& outcome);
  void on_error(const caf::error& why);
  void end_pass();
  void follow(const space_verdict& verdict);

  upkeep_port::pointer self;
  evictor_config config;
  store_port store;
  proxy_lookup_port lookup;
  space_keeper keeper;
  upkeep_pace pace;
  bool busy = false; ///< an answer of the store is on its way
  bool in_pass = false;
  std::uint64_t evicted = 0; ///< in this pass
  int fruitless = 0;         ///< steps in a row that found all values in use
  space_verdict last;        ///< as followed
  wake_up timer;
};

upkeep_port::behavior_type evictor(upkeep_port::stateful_pointer<evictor_state> self, evictor_config config,
                                   store_port store, proxy_lookup_port lookup);

} // namespace argentum::actors
