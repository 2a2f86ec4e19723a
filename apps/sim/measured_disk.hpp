// SPDX-License-Identifier: Apache-2.0
// What the measures of a run hear of a disk, and how many bytes it would need.
#pragma once

#include "apps/sim/report/entry_times.hpp"
#include "apps/sim/sim_node.hpp"

namespace argentum::sim {

/// Tells the measures what the judge has heard. `around` outlives it.
disk_watch measured(surroundings& around, std::size_t node, std::size_t instance, disk_watch judge);

/// Payload of keys, versions and values, on a replica of log and history too. Reads all that is there.
std::uint64_t stored_bytes(const storage::store& store, const entry_times& entries);

} // namespace argentum::sim
