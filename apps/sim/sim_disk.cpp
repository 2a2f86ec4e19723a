// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/sim_disk.hpp"

#include "storage/passing_store.hpp"

#include <algorithm>
#include <type_traits>
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
    return change([&] { return inner().adopt(id); });
  }
  caf::expected<void> apply(const std::vector<log_record>& records, bool sync, stamp_t history_from) override {
    auto done = grow(payload_bytes(records), [&] { return inner().apply(records, sync, history_from); });
    if (done && disk_.watch_.applied) disk_.watch_.applied(inner().report(), records, sync);
    return done;
  }
  sync_work begin_sync() override {
    auto work = alone(disk_, [&] { return inner().begin_sync(); });
    return [&disk = disk_, alive = alive_, work] { // a dead process may outlive its disk
      auto error = refusal(disk, *alive);
      return error ? error : alone(disk, work);
    };
  }
  storage::space_report space() const override {
    auto now = inner().space();
    now.volume_bytes = disk_.size_;
    now.free_bytes = disk_.size_ - std::min(disk_.size_, now.disk_bytes);
    return now;
  }
  void pass_time(std::chrono::milliseconds elapsed) override {
    alone(disk_, [&] { inner().pass_time(elapsed); });
  }
  sweep_work begin_evict(storage::access_time cut) override {
    return swept(alone(disk_, [&] { return inner().begin_evict(cut); }));
  }
  sweep_work begin_collect(index_t overdue) override {
    return swept(alone(disk_, [&] { return inner().begin_collect(overdue); }));
  }
  caf::expected<void> truncate_log(const storage::log_retention& keep, index_t keep_after) override {
    return change([&] { return inner().truncate_log(keep, keep_after); });
  }
  caf::expected<bool> fill(std::string_view key, index_t version, std::string_view value) override {
    return grow(value.size(), [&] { return inner().fill(key, version, value); });
  }
  caf::expected<bool> evict(std::string_view key) override {
    return change([&] { return inner().evict(key); });
  }
  caf::expected<void> set_horizon(index_t horizon) override {
    return change([&] { return inner().set_horizon(horizon); });
  }
  caf::expected<void> begin_import(const snapshot_header& header) override {
    return change([&] { return inner().begin_import(header); });
  }
  caf::expected<void> import(const std::vector<snapshot_record>& records) override {
    return change([&] { return inner().import(records); });
  }
  caf::expected<void> finish_import() override {
    return change([&] { return inner().finish_import(); });
  }

 private:
  /// A change that needs room.
  template <class F>
  std::invoke_result_t<F> grow(std::size_t bytes, F&& made) {
    if (disk_.size_ != 0 && *alive_ && inner().space().disk_bytes + bytes > disk_.size_)
      return make_error(errc::disk_full, "no space left");
    return change(std::forward<F>(made));
  }
  sweep_work swept(sweep_work work) {
    return [&disk = disk_, alive = alive_, work = std::move(work)]() -> caf::expected<storage::sweep_outcome> {
      if (auto error = refusal(disk, *alive)) return error;
      disk.medium_->settle();
      auto done = work(); // it waits for what it sets going, so nothing is held back
      disk.medium_->settle();
      return done;
    };
  }
  template <class F>
  std::invoke_result_t<F> change(F&& made) {
    if (auto error = refusal(disk_, *alive_)) return error;
    return alone(disk_, made);
  }
  static caf::error refusal(const sim_disk& disk, bool alive) {
    return alive ? disk.medium_->refusal() : make_error(errc::io_failed, "the process is dead");
  }
  template <class F>
  static std::invoke_result_t<F> alone(sim_disk& disk, F&& made) {
    disk.medium_->settle(); // readers may have set something going
    disk.medium_->hold();
    if constexpr (std::is_void_v<std::invoke_result_t<F>>) {
      made();
      disk.medium_->settle();
    } else {
      auto done = made();
      disk.medium_->settle();
      return done;
    }
  }

  sim_disk& disk_;
  std::shared_ptr<const bool> alive_;
};

class sim_home final : public storage::store_home {
 public:
  sim_home(sim_disk& disk, std::shared_ptr<const bool> alive)
      : disk_(disk), alive_(std::move(alive)), inner_(disk.medium_->open_home(disk.role_)) {}

  void set_role(instance_role role) override { inner_->set_role(role); }
  caf::expected<std::unique_ptr<storage::store>> open_current() override {
    auto made = call([&] { return wrapped(inner_->open_current()); });
    if (made) note(made->get(), false);
    return made;
  }
  caf::expected<std::unique_ptr<storage::store>> open_next() override {
    auto made = call([&] { return wrapped(inner_->open_next()); });
    if (made) next_ = static_cast<sim_store*>(made->get());
    return made;
  }
  caf::expected<void> discard_next() override {
    next_ = nullptr;
    return call([&] { return inner_->discard_next(); });
  }
  caf::expected<void> promote_next() override {
    auto done = call([&] { return inner_->promote_next(); });
    if (done && next_ != nullptr) note(std::exchange(next_, nullptr), true);
    return done;
  }
  void retire_old() override { inner_->retire_old(); }

 private:
  template <class F>
  std::invoke_result_t<F> call(F&& made) {
    if (!*alive_) return make_error(errc::io_failed, "the process is dead");
    auto done = made();
    disk_.medium_->settle();
    return done;
  }
  caf::expected<std::unique_ptr<storage::store>> wrapped(caf::expected<std::unique_ptr<storage::store>> inner) {
    if (!inner) return inner;
    if (disk_.wrap_) *inner = disk_.wrap_(std::move(*inner));
    return std::unique_ptr<storage::store>{std::make_unique<sim_store>(disk_, alive_, std::move(*inner))};
  }
  void note(storage::store* store, bool switched) {
    disk_.current_ = static_cast<sim_store*>(store);
    if (disk_.watch_.opened) disk_.watch_.opened(store->report(), switched);
  }

  sim_disk& disk_;
  std::shared_ptr<const bool> alive_;
  std::unique_ptr<storage::store_home> inner_;
  sim_store* next_ = nullptr;
};

sim_disk::sim_disk(instance_role role, std::unique_ptr<disk_medium> medium, disk_watch watch, store_wrap wrap)
    : role_(role),
      medium_(std::move(medium)),
      watch_(std::move(watch)),
      wrap_(std::move(wrap)),
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
  medium_->end_process(power_lost);
}

void sim_disk::wipe() {
  medium_->wipe();
}

void sim_disk::set_full(bool full) {
  medium_->set_full(full);
}

storage::store* sim_disk::current() const noexcept {
  return current_;
}

} // namespace argentum::sim
