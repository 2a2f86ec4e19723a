// SPDX-License-Identifier: Apache-2.0
// A store_home in memory. The disk outlives homes and stores, so that a simulated node can stop, crash and start
// again on what it had.
#pragma once

#include "storage/memory_image.hpp"
#include "storage/store.hpp"
#include "storage/window.hpp"

namespace argentum::storage {

/// The memory of one instance on one node. Used by one thread at a time, like the stores on it.
class memory_disk {
 public:
  /// Disks with the same pool hold equal entries once; one thread then uses all of them.
  explicit memory_disk(std::shared_ptr<entry_pool> pool = {}) : pool_(std::move(pool)) {}
  /// The machine lost power: what was not synced is gone. The stores that were open must not be used again.
  void crash();

 private:
  friend class memory_home;
  std::shared_ptr<entry_pool> pool_;
  std::shared_ptr<memory_image> current_;
  std::shared_ptr<memory_image> next_;
};

class memory_home final : public store_home {
 public:
  /// `history`: how far back a replica's last_before reaches.
  memory_home(std::shared_ptr<memory_disk> disk, instance_role role, window_limits window = {},
              std::chrono::microseconds history = limits::history_span);

  void set_role(instance_role role) override { role_ = role; }
  caf::expected<std::unique_ptr<store>> open_current() override;
  caf::expected<std::unique_ptr<store>> open_next() override;
  caf::expected<void> discard_next() override;
  caf::expected<void> promote_next() override;
  void retire_old() override {} // an old image goes with the last store or view on it

 private:
  caf::expected<std::unique_ptr<store>> open(std::shared_ptr<memory_image>& image);

  std::shared_ptr<memory_disk> disk_;
  instance_role role_;
  window_limits window_;
  std::chrono::microseconds history_;
};

} // namespace argentum::storage
