// SPDX-License-Identifier: Apache-2.0
// Clients that misbehave: malformed input, no reading, half-open, too many; and how the server ends.
#include "apps/net/digest_worker.hpp"
#include "tests/net/raw_client.hpp"
#include "tests/net/resp_fixture.hpp"

#include <doctest/doctest.h>

#include <future>
#include <thread>

using namespace argentum;
using namespace argentum::test;
using namespace std::chrono_literals;

namespace {

/// More than the kernel keeps for a reader: closing with unread input would reset the connection, and the error
/// text would be lost with it.
constexpr auto junk_bytes = 16 * limits::mib;

/// Every loop has had a turn, and whatever was ready before has been seen by it.
void let_loops_turn(resp_fixture& f) {
  for (std::size_t i = 0; i < 2 * f.loops.size(); ++i) {
    raw_client c{f.server->port()};
    ARGENTUM_CHECK_REPLY(c, "PING\r\n", "+PONG\r\n");
  }
}

bool connects(std::uint16_t port) {
  try {
    raw_client{port};
    return true;
  } catch (const boost::system::system_error&) {
    return false;
  }
}

} // namespace

TEST_CASE("malformed input gets the error, behind the replies before it, and the connection is closed") {
  resp_fixture f;
  raw_client c{f.server->port()};
  c.send("PING\r\n*1\r\nxyz\r\nPING\r\n");
  CHECK(c.receive_all() == "+PONG\r\n-ERR Protocol error: expected '$', got 'x'\r\n");
  CHECK(eventually([&] { return f.metrics->protocol_errors.value() == 1 && f.metrics->clients.value() == 0; }));
}

TEST_CASE("the error text arrives although the client sends much more before it reads") {
  resp_fixture f;
  raw_client c{f.server->port()};
  std::string junk(junk_bytes, 'a');
  boost::system::error_code error;
  boost::asio::write(c.socket(), boost::asio::buffer(junk), error);
  CHECK_FALSE(error);
  CHECK(c.receive_line() == "-ERR Protocol error: too big inline request\r\n");
}

TEST_CASE("a client that sends nothing for too long is closed, one that waits for an answer is not") {
  net::resp_server_config config;
  config.client_idle_max = 100ms;
  config.client_stalled_max = 80ms; // looked at four times in that
  resp_fixture f{true, config};
  raw_client waiting{f.server->port()};
  waiting.send("WAITINDEX 1 0\r\n");
  REQUIRE(eventually([&] { return f.alpha->waiters() == 1; }));
  raw_client idle{f.server->port()};
  ARGENTUM_CHECK_REPLY(idle, "PING\r\n", "+PONG\r\n");
  CHECK(idle.receive_all().empty());
  CHECK(eventually([&] { return f.metrics->clients_idle.value() == 1; }));
  f.alpha->put("k", "v");
  CHECK(waiting.receive_line() == ":1\r\n");
}

TEST_CASE("what an HTTP client sends closes the connection without an answer") {
  resp_fixture f;
  raw_client c{f.server->port()};
  c.send("POST / HTTP/1.1\r\nHost: x\r\n\r\nSET a b\r\n");
  CHECK(c.receive_all().empty());
  CHECK(f.instances[0].view->load()->key_count() == 0);
}

TEST_CASE("QUIT says OK and hangs up; what follows it is not run") {
  resp_fixture f;
  raw_client c{f.server->port()};
  c.send("QUIT\r\nSET a b\r\n");
  CHECK(c.receive_all() == "+OK\r\n");
  CHECK(f.instances[0].view->load()->key_count() == 0);
}

TEST_CASE("a client that closes its sending side still gets all replies") {
  resp_fixture f;
  f.alpha->hold_writes(true);
  raw_client c{f.server->port()};
  c.send("PING\r\nSET a 1\r\n*2\r\n$3\r\nGE");
  c.finish_sending();
  REQUIRE(eventually([&] { return f.alpha->held_writes() == 1; }));
  let_loops_turn(f);
  f.alpha->hold_writes(false);
  CHECK(c.receive_all() == "+PONG\r\n+OK\r\n");
}

TEST_CASE("a client that vanishes with commands in flight leaves nothing behind") {
  resp_fixture f;
  f.alpha->hold_writes(true);
  {
    raw_client c{f.server->port()};
    c.send("SET a 1\r\nGET a\r\n");
    REQUIRE(eventually([&] { return f.alpha->held_writes() == 1; }));
    c.socket().set_option(boost::asio::socket_base::linger{true, 0}); // reset, not an orderly end
  }
  f.alpha->hold_writes(false);
  CHECK(eventually([&] { return f.metrics->clients.value() == 0; }));
}

TEST_CASE("a client that never reads is paused, then dropped and counted") {
  net::resp_server_config config;
  config.client_stalled_max = 300ms;
  resp_fixture f{true, config};
  f.alpha->put("big", std::string(limits::mib, 'v'));
  raw_client c{f.server->port()};
  std::string gets;
  for (int i = 0; i < 20'000; ++i) gets += "GET big\r\n";
  c.try_send(gets);
  CHECK(eventually([&] { return f.metrics->clients_stalled.value() == 1 && f.metrics->clients.value() == 0; }));
  // It asked for some 20 GB. Executed is what fits into the socket, the pause and a turn.
  CHECK(f.metrics->commands.value() < 64);
}

TEST_CASE("a slow client is not a stalled one") {
  net::resp_server_config config;
  config.client_stalled_max = 300ms;
  resp_fixture f{true, config};
  f.alpha->put("big", std::string(16 * limits::mib, 'v'));
  raw_client c{f.server->port()};
  c.send("GET big\r\nGET big\r\n");
  auto due = std::chrono::steady_clock::now();
  auto end = due + 1s;
  std::size_t got = 0;
  CHECK(eventually([&] {
    auto now = std::chrono::steady_clock::now();
    if (now >= due) {
      got += c.receive(128 * limits::kib).size();
      due += 20ms;
    }
    return now > end;
  }));
  auto all = 2 * bulk_reply(std::string(16 * limits::mib, 'v')).size();
  CHECK(got < all / 2);
  CHECK(got + c.receive(all - got).size() == all);
  CHECK(f.metrics->clients_stalled.value() == 0);
}

TEST_CASE("no more commands run than may wait, and the bytes of unanswered writes are bounded") {
  net::resp_server_config config;
  config.pending_max = 10;
  resp_fixture f{true, config};
  f.alpha->hold_writes(true);
  raw_client small{f.server->port()};
  std::string sets;
  for (int i = 0; i < 100; ++i) sets += "SET a " + std::to_string(i) + "\r\n";
  small.send(sets);
  CHECK(eventually([&] { return f.alpha->held_writes() == 10; }));
  let_loops_turn(f);
  CHECK(f.alpha->held_writes() == 10);
  f.alpha->hold_writes(false);
  CHECK(small.receive(500).size() == 500);

  f.alpha->hold_writes(true);
  raw_client large{f.server->port()};
  auto set = resp_command({"SET", "a", std::string(3 * limits::mib, 'x')});
  std::thread sender{[&] {
    for (int i = 0; i < 6; ++i) large.send(set);
  }};
  CHECK(eventually([&] { return f.alpha->held_writes() == 3; }));
  let_loops_turn(f);
  CHECK(f.alpha->held_writes() == 3);
  f.alpha->hold_writes(false);
  CHECK(large.receive(30).size() == 30);
  sender.join();
}

TEST_CASE("one endless pipeline does not starve the other clients of its loop") {
  resp_fixture f;
  std::string pings;
  for (int i = 0; i < 100'000; ++i) pings += "PING\r\n";
  std::vector<std::unique_ptr<raw_client>> clients;
  for (std::size_t i = 0; i < f.loops.size(); ++i)
    clients.push_back(std::make_unique<raw_client>(f.server->port())); // one on each loop
  std::vector<std::thread> threads;
  for (auto& each : clients) {
    threads.emplace_back([&] { each->send(pings); });
    threads.emplace_back([&] { CHECK(each->receive(pings.size() / 6 * 7).size() == 700'000); });
  }
  raw_client other{f.server->port()};
  for (int i = 0; i < 100; ++i) ARGENTUM_CHECK_REPLY(other, "PING\r\n", "+PONG\r\n");
  for (auto& each : threads) each.join();
}

TEST_CASE("an MGET of very many keys is answered whole, in order, and others have turns meanwhile") {
  constexpr std::size_t keys = 200'000;
  resp_fixture f;
  f.alpha->put("k", "v");
  auto mget = "*" + std::to_string(keys + 1) + "\r\n$4\r\nMGET\r\n";
  auto expected = "*" + std::to_string(keys) + "\r\n";
  for (std::size_t i = 0; i < keys; ++i) {
    mget += i % 2 == 0 ? "$1\r\nk\r\n" : "$1\r\nx\r\n";
    expected += i % 2 == 0 ? "$1\r\nv\r\n" : "$-1\r\n";
  }
  std::vector<std::unique_ptr<raw_client>> busy;
  for (std::size_t i = 0; i < f.loops.size(); ++i) busy.push_back(std::make_unique<raw_client>(f.server->port()));
  raw_client other{f.server->port()};
  CHECK(eventually([&] {
    auto before = f.metrics->keyspace_hits.value();
    for (auto& each : busy) each->send(mget + "PING\r\n");
    while (f.metrics->keyspace_hits.value() == before) std::this_thread::yield();
    ARGENTUM_CHECK_REPLY(other, "PING\r\n", "+PONG\r\n");
    bool meanwhile = f.metrics->keyspace_hits.value() < before + f.loops.size() * keys / 2;
    for (auto& each : busy) CHECK((each->receive(expected.size()) == expected));
    for (auto& each : busy) CHECK(each->receive_line() == "+PONG\r\n");
    return meanwhile;
  }));
}

TEST_CASE("a write of very many keys is one entry, alone and in a transaction") {
  constexpr std::size_t keys = limits::entry_mutations_max;
  resp_fixture f;
  auto mset = "*" + std::to_string(2 * keys + 1) + "\r\n$4\r\nMSET\r\n";
  auto del = "*" + std::to_string(keys + 1) + "\r\n$3\r\nDEL\r\n";
  for (std::size_t i = 0; i < keys; ++i) {
    auto key = "k" + std::to_string(100'000 + i);
    mset += "$7\r\n" + key + "\r\n$1\r\nv\r\n";
    del += "$7\r\n" + key + "\r\n";
  }
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c, mset + "DBSIZE\r\n", "+OK\r\n:100000\r\n");
  ARGENTUM_CHECK_REPLY(c, "MULTI\r\n" + del + "PING\r\nEXEC\r\nINDEX\r\n",
                       "+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n:100000\r\n+PONG\r\n:2\r\n");
  mset.replace(mset.find("MSET") - 4, 10, "$6\r\nMSETNX\r\n");
  ARGENTUM_CHECK_REPLY(c, mset + "DBSIZE\r\n", ":1\r\n:100000\r\n");
}

TEST_CASE("EXISTS of very many keys counts them all") {
  constexpr std::size_t keys = 10'240; // a whole number of turns
  resp_fixture f;
  f.alpha->put("k", "v");
  raw_client c{f.server->port()};
  std::string exists = "EXISTS";
  for (std::size_t i = 0; i < keys; ++i) exists += i % 2 == 0 ? " k" : " x";
  ARGENTUM_CHECK_REPLY(c, exists + "\r\n", ":" + std::to_string(keys / 2) + "\r\n");
}

TEST_CASE("of clients whose buffers are too large together, the largest is dropped") {
  net::resp_server_config config;
  config.clients_bytes_max = 4 * limits::mib; // two loops: half of it each
  config.client_stalled_max = 80ms;           // looked at four times in that
  resp_fixture f{true, config};
  raw_client small{f.server->port()};
  raw_client other{f.server->port()};
  raw_client large{f.server->port()}; // on the loop of the first
  small.send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1000\r\n" + std::string(500, 'x'));
  large.send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$16000000\r\n" + std::string(3 * limits::mib, 'x'));
  CHECK(large.receive_all().empty());
  CHECK(f.metrics->clients_too_large.value() == 1);
  small.send(std::string(500, 'x') + "\r\n");
  CHECK(small.receive_line() == "+OK\r\n");
  ARGENTUM_CHECK_REPLY(other, "PING\r\n", "+PONG\r\n");
}

TEST_CASE("too many clients are refused in words, and a free place is given again") {
  net::resp_server_config config;
  config.clients_max = 2;
  resp_fixture f{true, config};
  raw_client first{f.server->port()};
  auto second = std::make_unique<raw_client>(f.server->port());
  ARGENTUM_CHECK_REPLY(*second, "PING\r\n", "+PONG\r\n");
  raw_client third{f.server->port()};
  CHECK(third.receive_all() == "-ERR max number of clients reached\r\n");
  CHECK(f.metrics->clients_refused.value() == 1);
  second.reset();
  REQUIRE(eventually([&] { return f.metrics->clients.value() == 1; }));
  raw_client fourth{f.server->port()};
  ARGENTUM_CHECK_REPLY(fourth, "PING\r\n", "+PONG\r\n");
}

TEST_CASE("drain answers what is in flight, then closes; nobody new gets in") {
  resp_fixture f;
  f.alpha->hold_writes(true);
  raw_client busy{f.server->port()};
  raw_client idle{f.server->port()};
  ARGENTUM_CHECK_REPLY(idle, "PING\r\n", "+PONG\r\n");
  busy.send("SET a 1\r\nGET a\r\n");
  REQUIRE(eventually([&] { return f.alpha->held_writes() == 1; }));
  std::thread drainer{[&] { f.server->drain(std::chrono::steady_clock::now() + 10s); }};
  CHECK(idle.receive_all().empty());
  f.alpha->hold_writes(false);
  CHECK(busy.receive_all() == "+OK\r\n$1\r\n1\r\n");
  drainer.join();
  CHECK_THROWS(raw_client{f.server->port()});
}

TEST_CASE("drain does not wait for who waits for an index") {
  resp_fixture f;
  raw_client waiting{f.server->port()};
  waiting.send("WAITINDEX 5 0\r\n");
  REQUIRE(eventually([&] { return f.alpha->waiters() == 1; }));
  auto start = std::chrono::steady_clock::now();
  f.server->drain(start + 10s);
  CHECK(std::chrono::steady_clock::now() < start + 5s);
  CHECK(waiting.receive_all().empty());
}

TEST_CASE("drain answers the write before a wait for an index, and does not begin to wait") {
  resp_fixture f;
  f.alpha->hold_writes(true);
  raw_client waiting{f.server->port()};
  waiting.send("SET a 1\r\nWAITINDEX 5 0\r\n");
  REQUIRE(eventually([&] { return f.alpha->held_writes() == 1; }));
  auto start = std::chrono::steady_clock::now();
  std::thread drainer{[&] { f.server->drain(start + 10s); }};
  REQUIRE(eventually([&] { return !connects(f.server->port()); }));
  f.alpha->hold_writes(false);
  CHECK(waiting.receive_all() == "+OK\r\n");
  drainer.join();
  CHECK(std::chrono::steady_clock::now() < start + 5s);
}

TEST_CASE("a client that leaves while it waits for an index is noticed, also with commands behind it") {
  net::resp_server_config config;
  config.client_stalled_max = 80ms; // looked at four times in that
  resp_fixture f{true, config};
  for (std::string behind : {"", "GET a\r\n"}) {
    {
      raw_client waiting{f.server->port()};
      waiting.send("WAITINDEX 5 0\r\n" + behind);
      REQUIRE(eventually([&] { return f.alpha->waiters() == 1; }));
      CHECK(f.alpha->abandoned_waiters() == 0);
      CHECK(f.metrics->clients.value() == 1);
    }
    CHECK(eventually([&] { return f.metrics->clients.value() == 0; }));
    CHECK(eventually([&] { return f.alpha->abandoned_waiters() == 1; }));
    f.alpha->expire_waiters();
  }
}

TEST_CASE("a digest that runs is told to stop; those in line are dropped") {
  std::promise<void> running;
  bool dropped = true;
  {
    net::digest_worker worker{2};
    CHECK(worker.submit([&](const std::atomic<bool>& stopping) {
      running.set_value();
      while (!stopping) std::this_thread::yield();
    }));
    running.get_future().wait();
    CHECK(worker.submit([&](const std::atomic<bool>&) { dropped = false; }));
  }
  CHECK(dropped);
}

TEST_CASE("drain gives up at its deadline") {
  resp_fixture f;
  f.alpha->hold_writes(true);
  raw_client busy{f.server->port()};
  busy.send("SET a 1\r\n");
  REQUIRE(eventually([&] { return f.alpha->held_writes() == 1; }));
  f.server->drain(std::chrono::steady_clock::now() + 50ms);
  CHECK(busy.receive_all().empty());
  f.alpha->hold_writes(false);
}

TEST_CASE("the node's counters follow the clients") {
  resp_fixture f;
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c, "PING\r\n", "+PONG\r\n");
  CHECK(eventually([&] { return f.metrics->bytes_received.value() == 6 && f.metrics->bytes_sent.value() == 7; }));
  CHECK(f.metrics->clients.value() == 1);
  CHECK(f.metrics->clients_accepted.value() == 1);
  CHECK(f.metrics->commands.value() == 1);
}
