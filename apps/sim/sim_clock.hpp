// SPDX-License-Identifier: Apache-2.0
// Virtual time: one thread runs all actors of all nodes, message by message, in an order drawn from the seed, and
// time moves from deadline to deadline (timers of actors, events of the simulated world) and never over one.
#pragma once

#include "apps/sim/random_source.hpp"
#include "apps/sim/trace.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace argentum::sim {

/// Actors that were spawned one after the other, as those of one node are.
struct actor_range {
  std::uint64_t first = 0; ///< inclusive
  std::uint64_t last = 0;  ///< inclusive
  friend bool operator==(const actor_range&, const actor_range&) = default;
  bool has(std::uint64_t id) const noexcept { return first <= id && id <= last; }
};

class sim_clock {
 public:
  using event = std::function<void()>;

  sim_clock(std::uint64_t seed, trace& trace);
  /// All actors must have been told to exit.
  ~sim_clock();
  sim_clock(const sim_clock&) = delete;
  sim_clock& operator=(const sim_clock&) = delete;

  caf::actor_system& system() noexcept { return *system_; }
  vtime now() const noexcept;
  /// Runs an event at that time (now, if it has passed); equal times in the order they were asked for.
  void at(vtime when, event what);
  void after(vtime delay, event what) { at(now() + delay, std::move(what)); }
  /// Runs an event in the middle of things: when actors have handled that many more messages, or none is left.
  void after_steps(std::uint64_t steps, event what) { interrupts_.emplace(steps_ + steps, std::move(what)); }

  /// Runs all messages, those that they cause too; time stands still.
  void settle();
  /// Lets time pass. `stop` is asked at each deadline; true ends the run early.
  void run_until(vtime end, const std::function<bool()>& stop = {});

  /// The id of the actor that was spawned last.
  std::uint64_t latest_actor() const;
  /// These actors run no message until they are released: a process that is stopped.
  void hold(actor_range actors);
  void release(actor_range actors);

  std::uint64_t steps() const noexcept { return steps_; }

 private:
  bool step();
  bool is_held(const caf::resumable* job) const;

  caf::actor_system_config config_;
  std::optional<caf::actor_system> system_;
  caf::scheduler::test_coordinator* scheduler_ = nullptr;
  random_source order_;
  trace& trace_;
  struct timed_event {
    vtime when{0};
    std::uint64_t number = 0; ///< in the order they were asked for
    event what;
  };
  struct is_later {
    bool operator()(const timed_event& a, const timed_event& b) const noexcept {
      return a.when != b.when ? a.when > b.when : a.number > b.number;
    }
  };
  bool is_due(vtime when) const noexcept { return !events_.empty() && events_.front().when <= when; }
  std::vector<timed_event> events_; ///< a heap, the next one in front
  std::uint64_t last_event_ = 0;
  std::multimap<std::uint64_t, event> interrupts_; ///< by step
  std::vector<actor_range> held_;
  std::vector<caf::resumable*> held_jobs_; ///< taken out of the scheduler's queue
  std::uint64_t steps_ = 0;
};

} // namespace argentum::sim
