// SPDX-License-Identifier: Apache-2.0
// The disk of one instance on one node, plus what can go wrong with a disk. A process that died can no longer touch
// it, a machine that lost power has lost what was not synced, a full disk takes no more writes. Whoever watches the
// run hears of every change.
#pragma once

#include "apps/sim/disk_medium.hpp"

#include <functional>
#include <memory>

namespace argentum::sim {

/// What a store tells its watcher. Called in the middle of the store's own call: look, do nothing.
struct disk_watch {
  /// A process has opened it (a bootstrap has `switched`): this is its state.
  std::function<void(const store_report&, bool switched)> opened;
  /// Entries were applied; `records` are those of the call.
  std::function<void(const store_report&, const std::vector<log_record>& records, bool synced)> applied;
};

/// Wraps a freshly opened store; for planted bugs.
using store_wrap = std::function<std::unique_ptr<storage::store>(std::unique_ptr<storage::store>)>;

class sim_disk {
 public:
  sim_disk(instance_role role, std::unique_ptr<disk_medium> medium, disk_watch watch, store_wrap wrap = {});
  ~sim_disk();

  /// For a process that starts; its stores work until `detach`.
  std::unique_ptr<storage::store_home> open_home();
  /// The process is dead: its stores fail from now on and change nothing. `power_lost`: unsynced changes are gone.
  void detach(bool power_lost);
  /// A new disk: everything is gone. Only while no process uses it.
  void wipe();
  void set_full(bool full);
  /// Bytes that the store's files may take, from the next change on; 0 = there is no end.
  void set_size(std::uint64_t bytes) { size_ = bytes; }
  /// Of the stores that are made from the next `open_home` on.
  void set_role(instance_role role) { role_ = role; }

  /// The store that the running process uses, for exact steps of a script; null if there is none.
  storage::store* current() const noexcept;

 private:
  friend class sim_home;
  friend class sim_store;

  instance_role role_;
  std::unique_ptr<disk_medium> medium_;
  disk_watch watch_;
  store_wrap wrap_;
  std::shared_ptr<bool> process_; ///< false once it is dead
  std::uint64_t size_ = 0;
  class sim_store* current_ = nullptr;
};

} // namespace argentum::sim
