// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/sim_disk.hpp"

#include "storage/passing_store.hpp"

#include <utility>

namespace argentum::sim {

/// Passes on, unless the process is dead or the disk is full.
class sim_store final : public storage::passing_store {
 public:
  sim_store(sim_disk& disk, std::shared_ptr<const bool> alive, std::unique_ptr<storage::store> inner)
      : passing_store(std::move(inner)), disk_(disk), alive_(std::move(alive)) {}
  ~sim_store() override {
    if (*alive_ && disk_.current_ == this) disk_.current_ = nullptr;
  }

  caf::expected<void> adopt(instance_id id) override {
    if (auto error = refusal()) return error;
    return inner().adopt(id);
  }
  caf::expected<void> apply(const std::vector<log_record>& records, bool sync, stamp_t history_from) override {
    if (auto error = refusal()) return error;
    auto done = inner().apply(records, sync, history_from);
    if (done && disk_.watch_.applied) disk_.watch_.applied(inner().report(), records, sync);
    return done;
  }
  sync_work begin_sync() override {
    return [&disk = disk_, alive = alive_, work = inner().begin_sync()] {
      auto error = refusal(disk, *alive);
      return error ? error : work();
    };
  }
  caf::expected<void> truncate_log(const storage::log_retention& keep, index_t keep_after) override {
    if (auto error = refusal()) return error;
    return inner().truncate_log(keep, keep_after);
  }
  caf::expected<bool> fill(std::string_view key, index_t version, std::string_view value) override {
    if (auto error = refusal()) return error;
    return inner().fill(key, version, value);
  }
  caf::expected<void> begin_import(const snapshot_header& header) override {
    if (auto error = refusal()) return error;
    return inner().begin_import(header);
  }
  caf::expected<void> import(const std::vector<snapshot_record>& records) override {
    if (auto error = refusal()) return error;
    return inner().import(records);
  }
  caf::expected<void> finish_import() override {
    if (auto error = refusal()) return error;
    return inner().finish_import();
  }

 private:
  caf::error refusal() const { return refusal(disk_, *alive_); }
  static caf::error refusal(const sim_disk& disk, bool alive) { // a dead process may outlive its disk
    if (!alive) return make_error(errc::io_failed, "the process is dead");
    if (disk.full_) return make_error(errc::disk_full, "no space left");
    return {};
  }

  sim_disk& disk_;
  std::shared_ptr<const bool> alive_;
};

class sim_home final : public storage::store_home {
 public:
  sim_home(sim_disk& disk, std::shared_ptr<const bool> alive)
      : disk_(disk), alive_(std::move(alive)), inner_(disk.memory_, disk.role_, disk.window_) {}

  caf::expected<std::unique_ptr<storage::store>> open_current() override {
    auto made = open(inner_.open_current());
    if (made) note(made->get(), false);
    return made;
  }
  caf::expected<std::unique_ptr<storage::store>> open_next() override {
    auto made = open(inner_.open_next());
    if (made) next_ = static_cast<sim_store*>(made->get());
    return made;
  }
  caf::expected<void> discard_next() override {
    if (!*alive_) return make_error(errc::io_failed, "the process is dead");
    next_ = nullptr;
    return inner_.discard_next();
  }
  caf::expected<void> promote_next() override {
    if (!*alive_) return make_error(errc::io_failed, "the process is dead");
    auto done = inner_.promote_next();
    if (done && next_ != nullptr) note(std::exchange(next_, nullptr), true);
    return done;
  }
  void retire_old() override { inner_.retire_old(); }

 private:
  caf::expected<std::unique_ptr<storage::store>> open(caf::expected<std::unique_ptr<storage::store>> inner) {
    if (!*alive_) return make_error(errc::io_failed, "the process is dead");
    if (!inner) return inner.error();
    if (disk_.wrap_) *inner = disk_.wrap_(std::move(*inner));
    return std::unique_ptr<storage::store>{std::make_unique<sim_store>(disk_, alive_, std::move(*inner))};
  }
  void note(storage::store* store, bool switched) {
    disk_.current_ = static_cast<sim_store*>(store);
    if (disk_.watch_.opened) disk_.watch_.opened(store->report(), switched);
  }

  sim_disk& disk_;
  std::shared_ptr<const bool> alive_;
  storage::memory_home inner_;
  sim_store* next_ = nullptr;
};

sim_disk::sim_disk(instance_role role, storage::window_limits window, disk_watch watch, store_wrap wrap,
                   std::shared_ptr<storage::entry_pool> pool)
    : role_(role),
      window_(window),
      watch_(std::move(watch)),
      wrap_(std::move(wrap)),
      pool_(std::move(pool)),
      memory_(std::make_shared<storage::memory_disk>(pool_)),
      process_(std::make_shared<bool>(false)) {}

sim_disk::~sim_disk() {
  *process_ = false;
}

std::unique_ptr<storage::store_home> sim_disk::open_home() {
  process_ = std::make_shared<bool>(true);
  return std::make_unique<sim_home>(*this, process_);
}

void sim_disk::detach(bool power_lost) {
  *process_ = false;
  current_ = nullptr;
  if (power_lost) memory_->crash();
}

void sim_disk::wipe() {
  memory_ = std::make_shared<storage::memory_disk>(pool_);
}

storage::store* sim_disk::current() const noexcept {
  return current_;
}

} // namespace argentum::sim
