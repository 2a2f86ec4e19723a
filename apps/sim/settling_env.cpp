// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/settling_env.hpp"

namespace argentum::sim {

struct settling_env::job {
  settling_env& owner;
  void (*run)(void*);
  void (*cancel)(void*); ///< may be null
  void* what;

  static void end(void* self, void (*job::*with)(void*)) {
    std::unique_ptr<job> mine{static_cast<job*>(self)};
    if (auto* function = (*mine).*with) function(mine->what);
    mine->owner.done();
  }
};

settling_env::settling_env(std::shared_ptr<rocksdb::FileSystem> files)
    : EnvWrapper(rocksdb::NewCompositeEnv(files)) {
  file_system_ = std::move(files);
}

void settling_env::Schedule(void (*run)(void*), void* what, Priority priority, void* tag, void (*cancel)(void*)) {
  {
    std::lock_guard lock{mutex_};
    ++under_way_;
  }
  EnvWrapper::Schedule([](void* self) { job::end(self, &job::run); }, new job{*this, run, cancel, what}, priority,
                       tag, [](void* self) { job::end(self, &job::cancel); });
}

void settling_env::done() {
  std::lock_guard lock{mutex_};
  if (--under_way_ == 0) idle_.notify_all(); // under the lock: whoever waits may destroy this right after
}

void settling_env::settle() {
  std::unique_lock lock{mutex_};
  idle_.wait(lock, [this] { return under_way_ == 0; });
}

} // namespace argentum::sim
