// SPDX-License-Identifier: Apache-2.0
// The storage actor's part in keeping the disk bounded: it begins steps, which the compactor does.
#include "actors/write/storage_actor.hpp"

#include <algorithm>

namespace argentum::actors {

caf::result<sweep_outcome> storage_state::evict(const evict_values& what) {
  return self->delegate(compactor, run_sweep{store->begin_evict(store->ages().cut_for(what.bytes))});
}

caf::result<sweep_outcome> storage_state::collect(const collect_history& what) {
  return self->delegate(compactor, run_sweep{store->begin_collect(what.overdue)});
}

caf::expected<store_report> storage_state::advance(const advance_horizon& to) {
  auto last = store->last_before(to.stamped);
  auto horizon = std::min(last.value_or(0), to.index);
  if (auto done = store->set_horizon(std::max(horizon, store->report().horizon)); !done) {
    note(done.error());
    return done.error();
  }
  return publish();
}

} // namespace argentum::actors
