// SPDX-License-Identifier: Apache-2.0
// Actors on CAF's deterministic scheduler: one thread, virtual time, no sleeps.
#pragma once

#include "messages/type_ids.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/exit_reason.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <chrono>
#include <vector>

namespace argentum::test {

class simulated_system {
 public:
  simulated_system() : config_(), system_(config_), scheduler_(coordinator(system_)) {
    system_.await_actors_before_shutdown(false);
  }
  ~simulated_system() { stop(); }

  caf::actor_system& get() noexcept { return system_; }
  auto now() { return scheduler_.clock().now(); }

  /// Spawns an actor that `stop` ends.
  template <class F, class... Ts>
  auto spawn(F&& f, Ts&&... args) {
    auto handle = system_.spawn(std::forward<F>(f), std::forward<Ts>(args)...);
    actors_.push_back(caf::actor_cast<caf::strong_actor_ptr>(handle));
    return handle;
  }

  /// Until no message is left.
  void run() {
    while (scheduler_.try_run_once()) {
    }
  }

  /// Lets time pass from timer to timer.
  void run_for(std::chrono::nanoseconds span) {
    auto end = now() + span;
    for (;;) {
      run();
      const auto& timers = scheduler_.clock().schedule();
      if (timers.empty() || timers.begin()->first > end) break;
      scheduler_.advance_time(std::max<std::chrono::nanoseconds>(timers.begin()->first - now(), {}));
    }
    scheduler_.advance_time(end - now());
    run();
  }

  bool has_timer() const { return scheduler_.has_pending_timeout(); }

  void stop() {
    for (const auto& a : actors_) {
      caf::anon_send_exit(caf::actor_cast<caf::actor>(a), caf::exit_reason::user_shutdown);
    }
    actors_.clear();
    run();
  }

 private:
  struct testing_config : caf::actor_system_config {
    testing_config() { set("scheduler.policy", caf::atom("testing")); }
  };
  static caf::scheduler::test_coordinator& coordinator(caf::actor_system& system) {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  }

  testing_config config_;
  caf::actor_system system_;
  caf::scheduler::test_coordinator& scheduler_;
  std::vector<caf::strong_actor_ptr> actors_;
};

} // namespace argentum::test
