// SPDX-License-Identifier: Apache-2.0
// What evictor and version_collector show of an instance's disk.
#pragma once

#include "messages/metrics.hpp"
#include "messages/upkeep.hpp"

namespace argentum::actors {

inline void publish(const space_report& now, instance_metrics& to) {
  auto set = [](gauge& at, std::uint64_t value) { at.set(static_cast<std::int64_t>(value)); };
  set(to.disk_bytes, now.disk_bytes);
  set(to.volume_free_bytes, now.free_bytes);
  set(to.volume_bytes, now.volume_bytes);
  set(to.value_bytes, now.value_bytes);
  set(to.window_bytes, now.window_bytes);
  set(to.history_bytes, now.history_bytes);
  set(to.tracked_keys, now.tracked_keys);
  set(to.tracker_bytes, now.tracker_bytes);
}

/// `dropped` counts the records of the step.
inline void count(const sweep_outcome& step, counter& dropped, instance_metrics& to) {
  if (step.bytes_before > 0) to.upkeep_steps.add();
  if (step.bytes_before > step.bytes_after) to.upkeep_bytes_freed.add(step.bytes_before - step.bytes_after);
  dropped.add(step.records);
}

} // namespace argentum::actors
