// SPDX-License-Identifier: Apache-2.0
// What a simulated disk keeps data in: the model in memory, or the stores of production over a file system in
// memory.
#pragma once

#include "storage/shared_bytes.hpp"
#include "storage/store.hpp"
#include "storage/window.hpp"

#include <memory>

namespace argentum::sim {

/// How far back stores keep what.
struct store_spans {
  storage::window_limits window;
  std::chrono::microseconds history = limits::history_span;
};

enum class store_kind { memory, rocks };

class disk_medium {
 public:
  virtual ~disk_medium() = default;
  /// For a process that starts, which wants stores of that role; they may be used until `end_process`.
  virtual std::unique_ptr<storage::store_home> open_home(instance_role role) = 0;
  /// What stores still want to write reaches nothing any more. `power_lost`: what was not synced is gone, too.
  virtual void end_process(bool power_lost) = 0;
  /// Everything is gone.
  virtual void wipe() = 0;
  virtual void set_full(bool full) = 0;
  /// Refuses a change in the name of a store that does not know of full disks.
  virtual caf::error refusal() const = 0;
  /// What a store does on its own is held back from here on, and done in `settle`: nothing depends on threads.
  virtual void hold() = 0;
  virtual void settle() = 0;
};

/// Disks with the same pool hold equal entries once.
std::unique_ptr<disk_medium> make_memory_medium(store_spans spans, std::shared_ptr<storage::entry_pool> pool = {});
/// `seed` decides what a power loss leaves of files.
std::unique_ptr<disk_medium> make_rocks_medium(store_spans spans, std::uint64_t seed);

} // namespace argentum::sim
