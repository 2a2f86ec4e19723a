// SPDX-License-Identifier: Apache-2.0
// Order of replies, reads of own writes, misses: with a sequencer and a proxy that answer when the test says so.
#include "tests/net/raw_client.hpp"
#include "tests/net/resp_fixture.hpp"
#include "tests/support/random.hpp"

#include <caf/send.hpp>
#include <doctest/doctest.h>

#include <map>
#include <thread>

using namespace argentum;
using namespace argentum::test;

TEST_CASE("a read behind an unanswered write waits for it; writes behind it do not") {
  resp_fixture f;
  f.alpha->hold_writes(true);
  raw_client c{f.server->port()};
  c.send("SET a 1\r\nSET a 2\r\nPING\r\nGET a\r\nSET a 3\r\n");
  REQUIRE(eventually([&] { return f.alpha->held_writes() == 2; }));
  CHECK(c.silent());
  f.alpha->hold_writes(false);
  CHECK(c.receive(29) == "+OK\r\n+OK\r\n+PONG\r\n$1\r\n2\r\n+OK\r\n");
}

TEST_CASE("the writes of a pipeline reach the sequencer in order and in few messages") {
  resp_fixture f;
  raw_client c{f.server->port()};
  std::string pipeline, replies;
  for (int i = 1; i <= 100; ++i) {
    pipeline += "APPEND k x\r\n";
    replies += ":" + std::to_string(i) + "\r\n";
  }
  c.send(pipeline);
  CHECK(c.receive(replies.size()) == replies);
  CHECK(f.alpha->write_batches() < 20); // one, unless the bytes come in parts
}

TEST_CASE("reads pass a miss, replies keep their order") {
  resp_fixture f;
  for (const auto* key : {"a", "b", "c"}) f.beta->put(key, std::string{"value of "} + key);
  f.beta->evict("a");
  f.beta->evict("b");
  f.beta->hold_fetches(true);
  raw_client c{f.server->port()};
  c.send("SELECT 1\r\nGET a\r\nGET c\r\nSTRLEN b\r\nGET no\r\nMGET a c b\r\nEXISTS a\r\nSET d 1\r\n");
  REQUIRE(eventually([&] { return f.beta->held_fetches() == 3; }));
  CHECK(c.receive(5) == "+OK\r\n");
  CHECK(c.silent());
  f.beta->hold_fetches(false);
  auto a = bulk_reply("value of a"), b = bulk_reply("value of b"), v = bulk_reply("value of c");
  auto expected = a + v + ":10\r\n$-1\r\n*3\r\n" + a + v + b + ":1\r\n+OK\r\n";
  CHECK(c.receive(expected.size()) == expected);
  CHECK(f.beta->fetch_commands() == 3); // the evicted keys of an MGET are fetched by one command
}

TEST_CASE("a miss that nobody answers is TRYAGAIN, other errors say what they are") {
  resp_fixture f;
  f.beta->put("a", "1");
  f.beta->evict("a");
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c, "SELECT 1\r\n", "+OK\r\n");
  for (auto code : {errc::no_replica, errc::timed_out, errc::unavailable}) {
    f.beta->fail_fetches(code);
    ARGENTUM_CHECK_REPLY(c, "GET a\r\n", "-TRYAGAIN no replica could answer in time\r\n");
  }
  f.beta->fail_fetches(errc::overloaded);
  ARGENTUM_CHECK_REPLY(c, "MGET a\r\n", "-TRYAGAIN too many reads are waiting for replicas\r\n");
  f.beta->fail_fetches(errc::corrupt);
  ARGENTUM_CHECK_REPLY(c, "GET a\r\n", "-ERR storage: corrupt\r\n");
  f.beta->fail_writes(errc::overloaded);
  ARGENTUM_CHECK_REPLY(c, "SET a 1\r\n", "-TRYAGAIN too many writes are waiting\r\n");
  f.beta->fail_writes(errc::disk_full);
  ARGENTUM_CHECK_REPLY(c, "SET a 1\r\n", "-ERR storage: disk_full\r\n");
}

TEST_CASE("an MGET of more evicted values than may be asked for at a time gets them in rounds") {
  constexpr std::size_t keys = 3 * limits::fetch_round_max + 1;
  resp_fixture f{false};
  f.beta->put("a", "1");
  f.beta->evict("a");
  f.beta->put("b", "2");
  f.beta->evict("b");
  std::string mget = "MGET", expected = "*" + std::to_string(keys) + "\r\n";
  for (std::size_t i = 0; i < keys; ++i) {
    mget += i % 2 == 0 ? " a" : " b";
    expected += i % 2 == 0 ? "$1\r\n1\r\n" : "$1\r\n2\r\n";
  }
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c, "SELECT beta\r\n" + mget + "\r\nPING\r\n", "+OK\r\n" + expected + "+PONG\r\n");
  CHECK(f.beta->fetch_commands() == 4);
  CHECK(f.beta->fetched_at_once() == limits::fetch_round_max);
  f.beta->fail_fetches(errc::no_replica);
  ARGENTUM_CHECK_REPLY(c, mget + "\r\n", "-TRYAGAIN no replica could answer in time\r\n");
}

TEST_CASE("an actor that dies with a command answers it") {
  resp_fixture f;
  raw_client c{f.server->port()};
  caf::anon_send_exit(f.instances[0].store, caf::exit_reason::kill);
  c.send("SET a 1\r\n");
  CHECK(c.receive_line() == "-ERR the write was not confirmed; it may have been applied or not\r\n");
}

TEST_CASE("a pipeline of 10,000 commands is answered whole and in order") {
  resp_fixture f;
  raw_client c{f.server->port()};
  std::string sent, expected;
  for (int i = 0; i < 10'000; ++i) {
    auto key = "k" + std::to_string(i % 100);
    auto text = std::to_string(i);
    switch (i % 4) {
    case 0:
      sent += resp_command({"SET", key, text});
      expected += "+OK\r\n";
      break;
    case 1:
      sent += resp_command({"GET", "k" + std::to_string((i - 1) % 100)});
      expected += bulk_reply(std::to_string(i - 1));
      break;
    default: sent += resp_command({"ECHO", text}); expected += bulk_reply(text);
    }
  }
  std::thread sender{[&] { c.send(sent); }};
  auto got = c.receive(expected.size());
  sender.join();
  CHECK((got == expected));
}

TEST_CASE("random pipelines of writes, hits, misses and pings: every reply is the right one at its place") {
  resp_fixture f;
  std::mt19937_64 random{random_seed("pipelines")};
  for (int i = 0; i < 20; ++i) f.beta->put("m" + std::to_string(i), "miss" + std::to_string(i));
  for (int i = 0; i < 20; ++i) f.beta->evict("m" + std::to_string(i));
  raw_client c{f.server->port()};
  std::map<std::string, std::string> model;
  std::string expected = "+OK\r\n";
  std::string sent = "SELECT beta\r\n";
  for (int i = 0; i < 5000; ++i) {
    auto key = "k" + std::to_string(random() % 30);
    auto text = std::to_string(i);
    switch (random() % 5) {
    case 0:
      model[key] = text;
      sent += resp_command({"SET", key, text});
      expected += "+OK\r\n";
      break;
    case 1:
      sent += resp_command({"GET", key});
      expected += model.contains(key) ? bulk_reply(model[key]) : "$-1\r\n";
      break;
    case 2: {
      auto n = std::to_string(random() % 20);
      sent += resp_command({"GET", "m" + n});
      expected += bulk_reply("miss" + n);
      break;
    }
    case 3:
      sent += resp_command({"DEL", key});
      expected += ":" + std::to_string(model.erase(key)) + "\r\n";
      break;
    default: sent += "PING\r\n"; expected += "+PONG\r\n";
    }
  }
  std::thread sender{[&] {
    for (std::size_t at = 0; at < sent.size();) {
      auto size = std::min<std::size_t>(sent.size() - at, random() % 3000 + 1);
      c.send(std::string_view{sent}.substr(at, size));
      at += size;
    }
  }};
  auto got = c.receive(expected.size());
  sender.join();
  CHECK((got == expected));
}

TEST_CASE("a change of protocol waits for the replies before it, which keep their form") {
  resp_fixture f;
  f.beta->put("a", "1");
  f.beta->evict("a");
  f.beta->hold_fetches(true);
  raw_client c{f.server->port()};
  c.send("SELECT 1\r\nMGET a no\r\nHELLO 3\r\nGET no\r\n");
  REQUIRE(eventually([&] { return f.beta->held_fetches() == 1; }));
  f.beta->hold_fetches(false);
  std::string expected = "+OK\r\n*2\r\n$1\r\n1\r\n$-1\r\n%7\r\n";
  CHECK(c.receive(expected.size()) == expected);
  while (c.receive_line() != "*0\r\n") {
  }
  CHECK(c.receive(3) == "_\r\n");
}
