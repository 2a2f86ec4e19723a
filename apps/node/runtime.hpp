// SPDX-License-Identifier: Apache-2.0
// The actor system of a real process: the "sharing" scheduler (idle workers of the stealing one poll, and wake-ups
// from event loops wait for them), one worker a core, a bounded turn per actor, and our own clock.
#pragma once

#include "apps/node/timer_clock.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/policy/work_sharing.hpp>
#include <caf/scheduler/coordinator.hpp>

#include <thread>

namespace argentum::runtime {

/// CAF's work-sharing scheduler with timer_clock. The clock thread of the base class exists too, and idles.
class coordinator final : public caf::scheduler::coordinator<caf::policy::work_sharing> {
 public:
  using super = caf::scheduler::coordinator<caf::policy::work_sharing>;
  using super::super;

  static caf::actor_system::module* make(caf::actor_system& system, caf::detail::type_list<>) {
    return new coordinator(system); // owned by the actor system, as CAF wants it
  }

  timer_clock& clock() noexcept override { return clock_; }

 protected:
  void start() override;
  void stop() override;

 private:
  timer_clock clock_;
  std::thread timer_thread_;
};

/// Settings of the actor system. Never reads a file or the command line: CAF's parser would take
/// caf-application.ini from the working directory and ignore what it does not understand.
class system_config : public caf::actor_system_config {
 public:
  /// `workers` = 0: one per core.
  explicit system_config(unsigned workers = 0);
};

} // namespace argentum::runtime
