// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/settling_env.hpp"

#include <rocksdb/file_system.h>

#include <limits>
#include <utility>

namespace argentum::sim {

namespace {

constexpr auto plenty = std::numeric_limits<std::uint64_t>::max() / 2;

} // namespace

struct settling_env::job {
  settling_env& owner;
  void (*run)(void*);
  void (*cancel)(void*); ///< may be null
  void* what;
  Priority priority;
  void* tag;

  static void end(void* self, void (*job::*with)(void*)) {
    std::unique_ptr<job> mine{static_cast<job*>(self)};
    if (auto* function = (*mine).*with) function(mine->what);
    mine->owner.done();
  }
};

class settling_env::watched_files final : public rocksdb::FileSystemWrapper {
 public:
  watched_files(settling_env& owner, const std::shared_ptr<rocksdb::FileSystem>& files)
      : FileSystemWrapper(files), owner_(owner) {}
  const char* Name() const override { return "watched_files"; }
  rocksdb::IOStatus GetFreeSpace(const std::string&, const rocksdb::IOOptions&, std::uint64_t* out,
                                 rocksdb::IODebugContext*) override {
    owner_.recovering();
    *out = plenty;
    return rocksdb::IOStatus::OK();
  }

 private:
  settling_env& owner_;
};

settling_env::settling_env(std::shared_ptr<rocksdb::FileSystem> files)
    : EnvWrapper(rocksdb::NewCompositeEnv(files)) {
  file_system_ = std::make_shared<watched_files>(*this, files);
}

settling_env::~settling_env() {
  settle();
}

void settling_env::Schedule(void (*run)(void*), void* what, Priority priority, void* tag, void (*cancel)(void*)) {
  auto made = std::make_unique<job>(job{*this, run, cancel, what, priority, tag});
  begin();
  {
    std::lock_guard lock{mutex_};
    if (holding_) return held_.push_back(std::move(made));
  }
  pass_on(std::move(made));
}

void settling_env::pass_on(std::unique_ptr<job> what) {
  auto priority = what->priority;
  auto* tag = what->tag;
  EnvWrapper::Schedule([](void* self) { job::end(self, &job::run); }, what.release(), priority, tag,
                       [](void* self) { job::end(self, &job::cancel); });
}

rocksdb::Status settling_env::GetFreeSpace(const std::string&, std::uint64_t* out) {
  std::lock_guard lock{mutex_};
  recovery_due_ = true;
  *out = plenty;
  return rocksdb::Status::OK();
}

void settling_env::recovering() {
  struct until_thread_ends {
    settling_env* owner = nullptr;
    ~until_thread_ends() {
      if (owner != nullptr) owner->done();
    }
  };
  static thread_local until_thread_ends guard;
  if (std::exchange(guard.owner, this) != nullptr) return;
  begin();
  std::lock_guard lock{mutex_};
  recovery_due_ = false;
}

void settling_env::begin() {
  std::lock_guard lock{mutex_};
  ++under_way_;
}

void settling_env::done() {
  std::lock_guard lock{mutex_};
  if (--under_way_ == 0) idle_.notify_all(); // under the lock: whoever waits may destroy this right after
}

void settling_env::hold() {
  std::lock_guard lock{mutex_};
  holding_ = true;
}

void settling_env::settle() {
  std::unique_lock lock{mutex_};
  holding_ = false;
  auto held = std::exchange(held_, {});
  lock.unlock();
  for (auto& each : held) pass_on(std::move(each));
  lock.lock();
  idle_.wait(lock, [this] { return under_way_ == 0 && !recovery_due_; });
}

} // namespace argentum::sim
