// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/sim_network.hpp"
#include "messages/limits.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace argentum;
using namespace argentum::sim;
using namespace std::chrono_literals;

namespace {

/// What one node heard, in order.
struct ear final : peer_inbox {
  explicit ear(sim_clock& c) : clock(c) {}
  void accepted(link_accepted event) override {
    link = event.link;
    heard += "accepted ";
  }
  void dialled(link_dialled) override { heard += "dialled "; }
  void broken(link_broken event) override {
    heard += "broken ";
    why = code_of(event.reason);
    broken_at = clock.now();
  }
  void received(link_id, peer_message message) override {
    heard += std::to_string(std::get<ping>(message.body).token) + " ";
    last = clock.now();
  }
  sim_clock& clock;
  link_id link;
  std::string heard;
  errc why = errc::none;
  vtime last{0};
  vtime broken_at{0};
};

struct two_nodes {
  two_nodes() {
    network.shape_of = [this](const auto&, const auto&) { return shape; };
    a = network.join("a");
    b = network.join("b");
    network.attach("a", at_a);
    network.attach("b", at_b);
  }
  void dial() {
    link = a->new_link();
    a->dial(link, "b");
    clock.run_until(clock.now() + 100ms);
    at_a->heard.clear();
    at_b->heard.clear();
  }
  void send(std::uint64_t token) { a->send(link, {{}, ping{token}}); }

  trace events;
  sim_clock clock{1, events};
  sim_network network{clock, 2, events};
  path_shape shape{10ms, vtime{0}, 0, 0};
  std::shared_ptr<ear> at_a = std::make_shared<ear>(clock);
  std::shared_ptr<ear> at_b = std::make_shared<ear>(clock);
  std::shared_ptr<peer_transport> a, b;
  link_id link;
};

} // namespace

TEST_CASE_FIXTURE(two_nodes, "a link takes a round trip, a message half of one") {
  link = a->new_link();
  a->dial(link, "b");
  clock.run_until(15ms);
  CHECK(at_b->heard == "accepted ");
  CHECK(at_a->heard == "");
  clock.run_until(25ms);
  CHECK(at_a->heard == "dialled ");
  auto sent = clock.now();
  send(1);
  clock.run_until(1s);
  CHECK(at_b->heard == "accepted 1 ");
  CHECK(at_b->last - sent == 10ms);
}

TEST_CASE_FIXTURE(two_nodes, "jitter and loss delay messages, they never change their order") {
  shape = {10ms, 50ms, 30, 0};
  link = a->new_link();
  a->dial(link, "b");
  clock.run_until(4s);
  at_b->heard.clear();
  std::string expected;
  for (std::uint64_t n = 1; n <= 50; ++n) {
    send(n);
    expected += std::to_string(n) + " ";
  }
  clock.run_until(60s);
  CHECK(at_b->heard == expected);
  CHECK(at_b->last > 4s + 200ms);
}

TEST_CASE_FIXTURE(two_nodes, "a one-way cut holds one direction, and what it held comes when it heals") {
  dial();
  network.cut("a", "b");
  send(1);
  b->send(at_b->link, {{}, ping{2}});
  clock.run_until(10s);
  CHECK(at_b->heard == "");
  CHECK(at_a->heard == "2 ");
  network.heal("a", "b");
  clock.run_until(12s);
  CHECK(at_b->heard == "1 ");
}

TEST_CASE_FIXTURE(two_nodes, "a killed process resets its links, a machine without power is silent") {
  dial();
  SUBCASE("killed") {
    network.leave("b", false);
    clock.run_until(1s);
    CHECK(at_a->heard == "broken ");
  }
  SUBCASE("power lost, and back without the process") {
    network.leave("b", true);
    send(1);
    clock.run_until(10s);
    CHECK(at_a->heard == "");
    network.power_on("b");
    clock.run_until(12s);
    CHECK(at_a->heard == "broken ");
  }
}

TEST_CASE_FIXTURE(two_nodes, "nobody there: refused after a round trip, or silence until the time-out") {
  auto expected = vtime{limits::dial_timeout};
  SUBCASE("no process") {
    network.leave("b", false);
    expected = 20ms;
  }
  SUBCASE("no machine") {
    network.leave("b", true);
  }
  SUBCASE("no way back") {
    network.cut("b", "a");
  }
  auto begin = clock.now();
  a->dial(a->new_link(), "b");
  clock.run_until(begin + 10s);
  CHECK(at_a->heard == "broken ");
  CHECK(at_a->why == errc::unreachable);
  CHECK(at_a->broken_at - begin == expected);
}

TEST_CASE_FIXTURE(two_nodes, "a frozen process reads nothing and loses nothing") {
  dial();
  network.freeze("b");
  send(1);
  clock.run_until(5s);
  CHECK(at_b->heard == "");
  network.thaw("b");
  clock.run_until(7s);
  CHECK(at_b->heard == "1 ");
}

TEST_CASE_FIXTURE(two_nodes, "bandwidth makes a queue") {
  shape.bytes_per_second = 1000;
  dial();
  auto begin = clock.now();
  for (std::uint64_t n = 1; n <= 100; ++n) send(n);
  clock.run_until(10s);
  CHECK(at_b->last - begin > 300ms);
  CHECK(network.totals().bytes > 300);
}

TEST_CASE_FIXTURE(two_nodes, "hanging up is told to both, after what was sent") {
  dial();
  send(1);
  a->hang_up(link, make_error(errc::protocol, "enough"));
  send(2);
  clock.run_until(2s);
  CHECK(at_b->heard == "1 broken ");
  CHECK(at_a->heard == "broken ");
  CHECK(at_a->why == errc::protocol);
}
