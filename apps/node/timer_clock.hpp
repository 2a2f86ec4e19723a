// SPDX-License-Identifier: Apache-2.0
// The clock of the actor system. CAF 0.17.6's own clock takes timers through a ring of 64 slots that it fills from
// its own thread when it destroys an actor: once the ring is full the clock waits for itself and every thread that
// arms a timer stops for ever. This one
//
//   - has an unbounded inbox, so arming a timer never waits;
//   - holds actors weakly, so a timer keeps nobody alive and a forgotten actor is not destroyed late;
//   - ignores cancellations: actors drop time-outs whose id is stale, and a weak reference costs nothing.
//
// One thread runs it. Groups, which the project does not use, are refused.
#pragma once

#include <caf/detail/thread_safe_actor_clock.hpp>

#include <condition_variable>
#include <map>
#include <mutex>
#include <vector>

namespace argentum::runtime {

class timer_clock final : public caf::detail::thread_safe_actor_clock {
 public:
  // From any thread, never blocking for longer than a push.
  void set_ordinary_timeout(time_point due, caf::abstract_actor* self, caf::atom_value type,
                            std::uint64_t id) override;
  void set_multi_timeout(time_point due, caf::abstract_actor* self, caf::atom_value type,
                         std::uint64_t id) override;
  void set_request_timeout(time_point due, caf::abstract_actor* self, caf::message_id id) override;
  void schedule_message(time_point due, caf::strong_actor_ptr receiver, caf::mailbox_element_ptr content) override;
  [[noreturn]] void schedule_message(time_point due, caf::group target, caf::strong_actor_ptr sender,
                                     caf::message content) override;
  void cancel_ordinary_timeout(caf::abstract_actor*, caf::atom_value) override {}
  void cancel_request_timeout(caf::abstract_actor*, caf::message_id) override {}
  void cancel_timeouts(caf::abstract_actor*) override {}
  /// Drops every timer that is not being delivered right now.
  void cancel_all() override;

  /// Delivers timers until stop is called; for one thread.
  void run();
  /// Ends run. Timers that are not due are dropped with the clock.
  void stop();

 private:
  struct timer {
    caf::weak_actor_ptr receiver;
    caf::mailbox_element_ptr content;
    bool from_receiver = false; ///< the sender is the receiver itself: put back on delivery
  };
  struct armed_timer {
    time_point due;
    timer what;
  };

  void arm(time_point due, timer what);
  void set_timeout(time_point due, caf::abstract_actor* self, caf::message_id id, caf::message content);
  std::vector<timer> wait_for_due();
  static void deliver(timer& what);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<armed_timer> inbox_;          ///< under mutex_
  time_point wake_at_ = time_point::min();  ///< when run looks at the inbox by itself; under mutex_
  bool stopped_ = false;                    ///< under mutex_
  bool drop_all_ = false;                   ///< under mutex_
  std::multimap<time_point, timer> by_due_; ///< of the thread in run; equal times in the order armed
};

} // namespace argentum::runtime
