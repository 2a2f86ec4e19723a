// SPDX-License-Identifier: Apache-2.0
// The generations of one instance on disk (layout: generation_dir.hpp): the one in use, and during a bootstrap the
// one beside it.
#pragma once

#include "storage/generation_dir.hpp"
#include "storage/rocks_db.hpp"
#include "storage/store.hpp"
#include "storage/window.hpp"

namespace argentum::storage {

/// Used by one thread, that of the stores it opens. A generation can be opened once at a time: all views and
/// exports of it must be gone before it is opened again.
class rocks_home final : public store_home {
 public:
  /// `path`: the instance's own directory; its parent exists. Touches the disk only when a store is opened.
  /// `history`: how far back a replica's last_before reaches.
  rocks_home(std::string path, instance_role role, std::shared_ptr<rocks_shared> shared, window_limits window = {},
             std::chrono::microseconds history = limits::history_span);

  void set_role(instance_role role) override { role_ = role; }
  caf::expected<std::unique_ptr<store>> open_current() override;
  caf::expected<std::unique_ptr<store>> open_next() override;
  caf::expected<void> discard_next() override;
  caf::expected<void> promote_next() override;
  void retire_old() override;

 private:
  using open_db = caf::expected<std::shared_ptr<rocks_db>>;
  /// Names the generation in use, makes the first one, and removes what is neither in use nor next.
  caf::error settle();
  open_db open_or_create_current();
  /// What an interrupted import left; null if there is nothing to go on with.
  open_db resume_next();
  caf::expected<std::unique_ptr<store>> make_store(std::shared_ptr<rocks_db> db);

  generation_dir dir_;
  instance_role role_;
  std::shared_ptr<rocks_shared> shared_;
  window_limits window_;
  std::chrono::microseconds history_;
  current_generation current_;
  std::weak_ptr<rocks_db> current_db_, next_db_, old_db_;
};

} // namespace argentum::storage
