// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/disk_medium.hpp"

#include "apps/sim/disk_files.hpp"
#include "apps/sim/settling_env.hpp"
#include "storage/memory_home.hpp"
#include "storage/rocks_home.hpp"

namespace argentum::sim {

namespace {

class memory_medium final : public disk_medium {
 public:
  memory_medium(store_spans spans, std::shared_ptr<storage::entry_pool> pool)
      : spans_(spans), pool_(std::move(pool)) {}

  std::unique_ptr<storage::store_home> open_home(instance_role role) override {
    return std::make_unique<storage::memory_home>(disk_, role, spans_.window, spans_.history);
  }
  void end_process(bool power_lost) override {
    if (power_lost) disk_->crash();
  }
  void wipe() override { disk_ = std::make_shared<storage::memory_disk>(pool_); }
  void set_full(bool full) override { full_ = full; }
  caf::error refusal() const override {
    return full_ ? make_error(errc::disk_full, "no space left") : caf::error{};
  }
  void hold() override {}
  void settle() override {}

 private:
  store_spans spans_;
  std::shared_ptr<storage::entry_pool> pool_;
  std::shared_ptr<storage::memory_disk> disk_ = std::make_shared<storage::memory_disk>(pool_);
  bool full_ = false;
};

/// Small, since a tree has many; the WAL's bound alone decides when memtables are flushed, because memory in use is
/// not the same in two runs.
constexpr storage::rocks_limits small_limits{.cache_bytes = 4 * limits::mib,
                                             .wal_bytes = 256 * limits::kib,
                                             .log_in_memtables = false,
                                             .compaction_threads = 1};

storage::volume_space space_of(const disk_image& disk) {
  constexpr std::uint64_t size = 1 << 30;
  return {disk.full() ? 0 : size, size};
}

/// What the stores of one process hold on to.
struct rocks_process {
  explicit rocks_process(const std::shared_ptr<disk_image>& disk)
      : files(std::make_shared<disk_files>(disk)),
        env(files),
        shared(small_limits, &env, [disk](const std::string&) { return space_of(*disk); }) {}
  std::shared_ptr<disk_files> files;
  settling_env env;
  storage::rocks_shared shared;
};

class rocks_medium final : public disk_medium {
 public:
  rocks_medium(store_spans spans, std::uint64_t seed) : spans_(spans), random_(seed) {}

  std::unique_ptr<storage::store_home> open_home(instance_role role) override {
    process_ = std::make_shared<rocks_process>(disk_);
    std::shared_ptr<storage::rocks_shared> shared{process_, &process_->shared};
    return std::make_unique<storage::rocks_home>("/instance", role, std::move(shared), spans_.window,
                                                 spans_.history);
  }
  void end_process(bool power_lost) override {
    if (!process_) return;
    settle();
    process_->files->kill();
    process_.reset();
    if (power_lost) disk_ = disk_->after_power_loss(random_);
  }
  void wipe() override {
    disk_ = std::make_shared<disk_image>();
    disk_->set_full(full_);
  }
  void set_full(bool full) override {
    settle();
    full_ = full;
    disk_->set_full(full);
  }
  caf::error refusal() const override { return {}; }
  void hold() override {
    if (process_) process_->env.hold();
  }
  void settle() override {
    if (process_) process_->env.settle();
  }

 private:
  store_spans spans_;
  random_source random_;
  std::shared_ptr<disk_image> disk_ = std::make_shared<disk_image>();
  std::shared_ptr<rocks_process> process_; ///< that is running
  bool full_ = false;
};

} // namespace

std::unique_ptr<disk_medium> make_memory_medium(store_spans spans, std::shared_ptr<storage::entry_pool> pool) {
  return std::make_unique<memory_medium>(spans, std::move(pool));
}

std::unique_ptr<disk_medium> make_rocks_medium(store_spans spans, std::uint64_t seed) {
  return std::make_unique<rocks_medium>(spans, seed);
}

} // namespace argentum::sim
