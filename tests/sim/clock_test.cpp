// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/sim_clock.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <doctest/doctest.h>

#include <chrono>

using namespace argentum::sim;
using namespace std::chrono_literals;

namespace {

struct clock_fixture {
  clock_fixture() {
    actor = clock.system().spawn([this]() -> caf::behavior { return {[this](int n) { heard.push_back(n); }}; });
    range = {clock.latest_actor(), clock.latest_actor()};
    clock.settle();
  }
  ~clock_fixture() {
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
    clock.settle();
    actor = nullptr;
  }
  void send(int n) { caf::anon_send(actor, n); }

  trace events;
  sim_clock clock{1, events};
  std::vector<int> heard;
  caf::actor actor;
  actor_range range;
};

} // namespace

TEST_CASE_FIXTURE(clock_fixture, "events come at their time, equal times in the order they were asked for") {
  std::vector<std::pair<int, vtime>> seen;
  auto see = [&](int n) { return [&seen, n, this] { seen.emplace_back(n, clock.now()); }; };
  clock.at(20ms, see(2));
  clock.at(10ms, see(1));
  clock.at(20ms, see(3));
  clock.at(40ms, see(4));
  clock.run_until(30ms);
  CHECK(seen == std::vector<std::pair<int, vtime>>{{1, 10ms}, {2, 20ms}, {3, 20ms}});
  CHECK(clock.now() == 30ms);
}

TEST_CASE_FIXTURE(clock_fixture, "an interrupt strikes between two messages, or when there is none left") {
  for (int n = 1; n <= 5; ++n) send(n);
  std::size_t at = 0;
  clock.after_steps(2, [&] { at = heard.size(); });
  clock.settle();
  CHECK(at == 2);
  CHECK(heard.size() == 5);
  clock.after_steps(100, [&] { at = 0; });
  clock.settle();
  CHECK(at == 0);
}

TEST_CASE_FIXTURE(clock_fixture, "a held actor keeps its messages until it is released") {
  clock.hold(range);
  send(1);
  send(2);
  clock.run_until(1s);
  CHECK(heard.empty());
  clock.release(range);
  clock.settle();
  CHECK(heard == std::vector<int>{1, 2});
}
