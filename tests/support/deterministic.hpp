// SPDX-License-Identifier: Apache-2.0
// An actor system in one thread with virtual time, for tests of actors: nothing runs unless the test says so, and
// the same test does the same every time. Everything is spawned undetached; at the end every actor spawned here is
// told to exit before the system goes.
#pragma once

#include "messages/ports.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <optional>
#include <random>
#include <vector>

namespace argentum::test {

class deterministic {
 public:
  deterministic();
  ~deterministic();
  deterministic(const deterministic&) = delete;
  deterministic& operator=(const deterministic&) = delete;

  caf::actor_system& system() noexcept { return *system_; }
  /// As actor_system::spawn; the actor is told to exit at the end.
  template <class F, class... Ts>
  auto spawn(F f, Ts&&... args) {
    auto actor = system_->spawn(f, std::forward<Ts>(args)...);
    actors_.push_back(caf::actor_cast<caf::strong_actor_ptr>(actor));
    return actor;
  }
  /// Tells an actor to exit, and runs until it did.
  template <class Handle>
  void stop(Handle& actor) {
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
    settle();
    actor = nullptr;
  }
  /// Tells all actors to exit, and runs until nothing is left to do.
  void stop();
  /// Runs one message; false if there is none.
  bool step();
  /// From now on the actor that runs next is drawn from `seed`, not first come first served. Messages from one
  /// actor to another keep their order.
  void shuffle(std::uint64_t seed) { order_.emplace(seed); }
  /// Runs all messages, those that they cause too; time stands still.
  void settle();
  /// Lets time pass, from timer to timer.
  void advance(std::chrono::nanoseconds time);
  std::chrono::nanoseconds now() const;
  bool has_timer() const { return scheduler_->has_pending_timeout(); }
  /// A request from outside and its answer, after settling.
  template <class Answer, class Port, class Question>
  caf::expected<Answer> ask(const Port& port, Question question) {
    caf::scoped_actor self{*system_};
    auto pending = self->request(port, caf::infinite, std::move(question));
    settle();
    caf::expected<Answer> out{make_error(errc::unavailable, "no answer")};
    pending.receive([&](Answer& answer) { out = std::move(answer); }, [&](const caf::error& e) { out = e; });
    return out;
  }
  template <class Port, class Message>
  void tell(const Port& port, Message message) {
    caf::anon_send(port, std::move(message));
    settle();
  }

 private:
  caf::actor_system_config config_;
  std::optional<caf::actor_system> system_;
  caf::scheduler::test_coordinator* scheduler_ = nullptr;
  std::vector<caf::strong_actor_ptr> actors_;
  std::optional<std::mt19937_64> order_;
};

} // namespace argentum::test
