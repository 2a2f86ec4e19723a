// SPDX-License-Identifier: Apache-2.0
#include "messages/limits.hpp"
#include "tests/net/peer_fixture.hpp"

#include <doctest/doctest.h>

#include <random>
#include <thread>

using namespace argentum;
using namespace argentum::test;

namespace {

void send_pings(net::tcp_peer_transport& transport, link_id link, std::uint64_t first, std::uint64_t count) {
  for (auto i = first; i < first + count; ++i) transport.send(link, {"dns", ping{i}});
}

std::string noise(std::size_t size) {
  std::string out(size, '\0');
  std::mt19937_64 random{size};
  for (auto& byte : out) byte = static_cast<char>(random());
  return out;
}

} // namespace

TEST_CASE("ten thousand messages cross in order, in both directions at once") {
  constexpr std::uint64_t count = 10'000;
  linked_pair pair;
  std::thread forth{[&] { send_pings(pair.dialler.transport, pair.near, 0, count); }};
  std::thread back{[&] { send_pings(pair.acceptor.transport, pair.far, 0, count); }};
  forth.join();
  back.join();
  for (auto* end : {&pair.dialler, &pair.acceptor}) {
    REQUIRE(end->inbox->wait_messages(count));
    auto link = end == &pair.dialler ? pair.near : pair.far;
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto& [from, message] = end->inbox->messages[i];
      REQUIRE(from == link);
      REQUIRE(std::get<ping>(message.body).token == i);
    }
    CHECK(end->inbox->broken_count() == 0);
  }
}

TEST_CASE("several threads send on one link: nothing is mixed up, each thread's order is kept") {
  constexpr std::uint64_t threads = 4, each = 2'000, stride = 1'000'000;
  linked_pair pair;
  std::vector<std::thread> senders;
  for (std::uint64_t t = 0; t < threads; ++t)
    senders.emplace_back([&, t] { send_pings(pair.dialler.transport, pair.near, t * stride, each); });
  for (auto& sender : senders) sender.join();
  REQUIRE(pair.acceptor.inbox->wait_messages(threads * each));
  std::vector<std::uint64_t> next(threads, 0);
  for (const auto& [link, message] : pair.acceptor.inbox->messages) {
    auto token = std::get<ping>(message.body).token;
    REQUIRE(token % stride == next[token / stride]++);
  }
}

TEST_CASE("a frame of 30 MiB crosses, plain and compressed, and small ones around it keep their place") {
  linked_pair pair;
  auto& out = pair.dialler.transport;
  const auto value = noise(30 * limits::mib);
  out.send(pair.near, {"dns", ping{1}});
  out.send(pair.near, {"dns", batch_of(1, value)});
  out.allow_compression(pair.near);
  out.send(pair.near, {"dns", batch_of(1, std::string(30 * limits::mib, 'v'))});
  out.send(pair.near, {"dns", ping{2}});
  REQUIRE(pair.acceptor.inbox->wait_messages(4));
  const auto& got = pair.acceptor.inbox->messages;
  CHECK(std::get<ping>(got[0].second.body).token == 1);
  CHECK(std::get<entry_batch>(got[1].second.body).run->front().bytes == value);
  CHECK(std::get<entry_batch>(got[2].second.body).run->front().bytes.size() == 30 * limits::mib);
  CHECK(std::get<ping>(got[3].second.body).token == 2);
}

TEST_CASE("hang_up delivers what was sent before it, and each side hears of the end once") {
  linked_pair pair;
  pair.acceptor.transport.send(pair.far, {"dns", batch_of(20, noise(50'000))});
  pair.acceptor.transport.send(pair.far, {"", goodbye{"moving"}});
  pair.acceptor.transport.hang_up(pair.far, make_error(errc::refused, "moving"));
  pair.acceptor.transport.send(pair.far, {"", ping{1}}); // too late
  pair.acceptor.transport.hang_up(pair.far, make_error(errc::invalid));
  REQUIRE(pair.acceptor.inbox->wait_broken());
  REQUIRE(pair.dialler.inbox->wait_broken());
  REQUIRE(pair.dialler.inbox->messages.size() == 2);
  CHECK(std::get<goodbye>(pair.dialler.inbox->messages[1].second.body).reason == "moving");
  CHECK(code_of(pair.acceptor.inbox->broken_events[0].reason) == errc::refused);
  CHECK(code_of(pair.dialler.inbox->broken_events[0].reason) == errc::link_lost);
  pair.dialler.transport.close();
  pair.acceptor.transport.close();
  CHECK(pair.acceptor.inbox->broken_events.size() == 1);
  CHECK(pair.dialler.inbox->broken_events.size() == 1);
}

TEST_CASE("hang_up is not held up by what the peer still sends") {
  linked_pair pair;
  std::atomic<bool> done{false};
  std::thread chatter{[&] {
    while (!done) pair.dialler.transport.send(pair.near, {"dns", ping{1}});
  }};
  REQUIRE(pair.acceptor.inbox->wait_messages(100));
  pair.acceptor.transport.send(pair.far, {"dns", batch_of(20, noise(50'000))});
  pair.acceptor.transport.send(pair.far, {"", goodbye{"enough"}});
  pair.acceptor.transport.hang_up(pair.far, make_error(errc::refused));
  CHECK(pair.dialler.inbox->wait_broken());
  CHECK(pair.dialler.inbox->wait_messages(2));
  done = true;
  chatter.join();
}

TEST_CASE("a dial made before the inbox is attached is carried out after it") {
  peer_end far;
  net::event_loops loops{1};
  auto inbox = std::make_shared<recording_inbox>();
  net::tcp_peer_transport transport{loops};
  auto link = transport.new_link();
  auto other = transport.new_link();
  CHECK(link != other);
  transport.dial(link, far.address());
  transport.attach(inbox, std::make_shared<node_metrics>());
  REQUIRE(inbox->wait([&] { return inbox->dialled_events.size() == 1; }));
  CHECK(inbox->dialled_events[0].link == link);
}

TEST_CASE("close waits for the last messages of links that are hung up") {
  linked_pair pair;
  pair.acceptor.transport.send(pair.far, {"dns", batch_of(20, noise(50'000))});
  pair.acceptor.transport.send(pair.far, {"", goodbye{"shutting down"}});
  pair.acceptor.transport.hang_up(pair.far, make_error(errc::unavailable));
  pair.acceptor.transport.close();
  CHECK(pair.acceptor.inbox->broken_count() == 1);
  CHECK(pair.dialler.inbox->wait_messages(2));
}

TEST_CASE("close breaks every link once and lets go of the inbox") {
  linked_pair pair;
  pair.dialler.transport.close();
  REQUIRE(pair.dialler.inbox->broken_events.size() == 1);
  CHECK(code_of(pair.dialler.inbox->broken_events[0].reason) == errc::unavailable);
  CHECK(pair.dialler.inbox.use_count() == 1);
  CHECK(pair.acceptor.inbox->wait_broken());
}
