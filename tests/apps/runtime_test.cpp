// SPDX-License-Identifier: Apache-2.0
#include "apps/node/runtime.hpp"
#include "messages/ports.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <future>
#include <memory>

using namespace argentum;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

namespace {

caf::behavior echo(caf::event_based_actor*) {
  return {[](std::int32_t n) { return n; }};
}

/// Lives by nothing but its own timer.
caf::behavior forgotten(caf::event_based_actor* self, caf::actor other) {
  self->delayed_send(self, 3ms, tick{});
  self->delayed_send(other, 2ms, tick{}); // the message holds the sender, at last alone
  return {[=](tick) { self->delayed_send(self, 3ms, tick{}); }};
}

/// Spawns forgotten actors for ever, a burst per message.
caf::behavior churn(caf::event_based_actor* self) {
  self->set_default_handler(caf::drop);
  return {[=](get_store_report) {
            for (int i = 0; i < 50; ++i) self->spawn(forgotten, caf::actor{self});
            self->send(self, get_store_report{});
          },
          [](tick) {}};
}

/// Asks the echo actor with a CAF time-out, one request after the other.
struct client_state {
  std::int32_t answered = 0;
};
caf::behavior client(caf::stateful_actor<client_state>* self, caf::actor server) {
  return {[=](tick) {
            self->request(server, 1s, std::int32_t{1})
                .then(
                    [=](std::int32_t) {
                      ++self->state.answered;
                      self->send(self, tick{});
                    },
                    [](const caf::error&) {});
          },
          [=](get_store_report) { return self->state.answered; }};
}

/// A hang of the actor system cannot be joined, so it ends the test process.
template <class F>
void must_end_within(std::chrono::seconds limit, F f) {
  std::promise<void> done;
  std::thread watchdog{[&, ended = done.get_future()] {
    if (ended.wait_for(limit) == std::future_status::ready) return;
    std::fputs("the actor system hangs\n", stderr);
    std::abort();
  }};
  f();
  done.set_value();
  watchdog.join();
}

} // namespace

TEST_CASE("timers of dying actors never stop the clock") {
  must_end_within(60s, [] {
    runtime::system_config config{2};
    caf::actor_system system{config};
    caf::scoped_actor self{system};
    auto server = system.spawn(echo);
    std::vector<caf::actor> clients;
    for (int i = 0; i < 4; ++i) clients.push_back(system.spawn(client, server));
    for (auto& c : clients) self->send(c, tick{});
    auto churner = system.spawn(churn);
    self->send(churner, get_store_report{});

    std::int32_t last = 0;
    for (auto end = clock_type::now() + 1500ms; clock_type::now() < end;) {
      self->delayed_send(self, 100ms, tick{}); // through the clock under test
      self->receive([](tick) {});
    }
    for (auto& c : clients) {
      self->request(c, caf::infinite, get_store_report{})
          .receive([&](std::int32_t n) { last += n; }, [](const caf::error&) { FAIL("client died"); });
    }
    CHECK(last > 1000);
    for (auto& c : clients) self->send_exit(c, caf::exit_reason::user_shutdown);
    self->send_exit(churner, caf::exit_reason::user_shutdown);
    self->send_exit(server, caf::exit_reason::user_shutdown);
  });
}

TEST_CASE("the scheduler takes our settings") {
  runtime::system_config config{3};
  caf::actor_system system{config};
  auto& scheduler = system.scheduler();
  CHECK(scheduler.num_workers() == 3);
  CHECK(scheduler.max_throughput() == 100);
  CHECK(dynamic_cast<runtime::coordinator*>(&scheduler) != nullptr);
}

TEST_CASE("timers fire in order and not early") {
  runtime::system_config config{2};
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  auto start = clock_type::now();
  self->delayed_send(self, 60ms, std::int32_t{3});
  self->delayed_send(self, 20ms, std::int32_t{1});
  self->delayed_send(self, 40ms, std::int32_t{2});
  for (std::int32_t expected = 1; expected <= 3; ++expected) {
    self->receive([&](std::int32_t n) { CHECK(n == expected); });
    CHECK(clock_type::now() - start >= expected * 20ms);
  }
}

TEST_CASE("a request to a silent actor times out") {
  runtime::system_config config{2};
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  auto silent = system.spawn([](caf::event_based_actor* a) -> caf::behavior {
    auto pending = std::make_shared<std::vector<caf::response_promise>>();
    return {[=](std::int32_t) {
      pending->push_back(a->make_response_promise());
      return caf::delegated<std::int32_t>{};
    }};
  });
  bool timed_out = false;
  auto asker = system.spawn([&](caf::event_based_actor* a) {
    a->request(silent, 20ms, std::int32_t{1})
        .then([](std::int32_t) {}, [&](const caf::error& e) { timed_out = e == caf::sec::request_timeout; });
  });
  self->wait_for(asker);
  CHECK(timed_out);
  self->send_exit(silent, caf::exit_reason::user_shutdown);
}

TEST_CASE("a timer keeps no actor alive") {
  runtime::system_config config{2};
  caf::actor_system system{config};
  std::weak_ptr<int> alive;
  std::promise<void> gone;
  {
    std::shared_ptr<int> token{new int{1}, [&](int* p) {
                                 delete p;
                                 gone.set_value();
                               }};
    alive = token;
    system.spawn([token](caf::event_based_actor* self) -> caf::behavior {
      self->delayed_send(self, 1h, tick{});
      return {[token](tick) {}};
    });
  }
  REQUIRE(gone.get_future().wait_for(10s) == std::future_status::ready);
  CHECK(alive.expired());
}
