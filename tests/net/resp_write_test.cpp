// SPDX-License-Identifier: Apache-2.0
// Writes that look at what is there, and what depends on them. Replies were taken from redis-server 7.0.15; the
// long list is in tests/system/redis_parity_test.py.
#include "tests/net/raw_client.hpp"
#include "tests/net/resp_fixture.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace argentum::test;

TEST_CASE("writes that read first answer what they found or made") {
  resp_fixture f;
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c, "SET k 1 NX\r\nSET k 2 NX\r\nSET k 3 XX GET\r\nGET k\r\n",
                       "+OK\r\n$-1\r\n$1\r\n1\r\n$1\r\n3\r\n");
  ARGENTUM_CHECK_REPLY(c, "SETNX k 4\r\nGETSET k 5\r\nGETDEL k\r\nGETDEL k\r\n",
                       ":0\r\n$1\r\n3\r\n$1\r\n5\r\n$-1\r\n");
  ARGENTUM_CHECK_REPLY(c, "INCR n\r\nINCRBY n 41\r\nDECR n\r\nDECRBY n 1\r\nINCRBYFLOAT n 0.5\r\nINCR n\r\n",
                       ":1\r\n:42\r\n:41\r\n:40\r\n$4\r\n40.5\r\n"
                       "-ERR value is not an integer or out of range\r\n");
  ARGENTUM_CHECK_REPLY(c, "APPEND s ab\r\nSETRANGE s 1 xyz\r\nGETRANGE s 1 -2\r\nSUBSTR s 0 0\r\nSTRLEN s\r\n",
                       ":2\r\n:4\r\n$2\r\nxy\r\n$1\r\na\r\n:4\r\n");
  ARGENTUM_CHECK_REPLY(c, "MSETNX p 1 q 2\r\nMSETNX q 3 r 4\r\nEXISTS p q r\r\n", ":1\r\n:0\r\n:2\r\n");
  ARGENTUM_CHECK_REPLY(c, "SETRANGE s 99999999 x\r\nSETRANGE s -1 x\r\n",
                       "-ERR string exceeds maximum allowed size (proto-max-bulk-len)\r\n"
                       "-ERR offset is out of range\r\n");
}

TEST_CASE("GETRANGE of a value that a proxy has evicted fetches it") {
  resp_fixture f{false};
  f.beta->put("k", "Hello World");
  f.beta->evict("k");
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c, "SELECT beta\r\nGETRANGE k 6 -1\r\nMEMORY USAGE k\r\nOBJECT ENCODING k\r\n",
                       "+OK\r\n$5\r\nWorld\r\n:12\r\n$6\r\nembstr\r\n");
}

TEST_CASE("FLUSHDB empties one instance, FLUSHALL all, where the config allows it") {
  net::resp_server_config config;
  config.flush = true;
  resp_fixture f{true, config};
  for (int i = 0; i < 10'000; ++i) f.alpha->put("k" + std::to_string(i), "v");
  f.beta->put("k", "v");
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c, "FLUSHDB\r\nDBSIZE\r\nSELECT 1\r\nDBSIZE\r\n", "+OK\r\n:0\r\n+OK\r\n:1\r\n");
  ARGENTUM_CHECK_REPLY(c, "FLUSHALL ASYNC\r\nDBSIZE\r\nFLUSHALL\r\nFLUSHALL now\r\n",
                       "+OK\r\n:0\r\n+OK\r\n-ERR syntax error\r\n");
  ARGENTUM_CHECK_REPLY(c, "SELECT 0\r\nINDEX\r\n", "+OK\r\n:10003\r\n"); // entries of 4096 keys
}

TEST_CASE("a flush that waits for the disk does not hold the server's end up") {
  net::resp_server_config config;
  config.flush = true;
  resp_fixture f{true, config};
  f.alpha->put("k", "v");
  f.alpha->hold_writes(true);
  raw_client c{f.server->port()};
  c.send("FLUSHDB\r\n");
  REQUIRE(eventually([&] { return f.alpha->held_writes() == 1; }));
  f.server.reset();
  CHECK(c.receive_all().empty());
}

TEST_CASE("WAIT asks about this connection's last write; other nodes refuse it") {
  resp_fixture f;
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c, "WAIT 0 0\r\nSET a 1\r\nWAIT 1 100\r\nWAIT 0 -1\r\n",
                       ":2\r\n+OK\r\n:1\r\n-ERR timeout is negative\r\n");
  ARGENTUM_CHECK_REPLY(c, "ROLE\r\n", "*3\r\n$6\r\nmaster\r\n:1\r\n*0\r\n");
  resp_fixture leaf{false};
  raw_client d{leaf.server->port()};
  d.send("WAIT 0 0\r\n");
  CHECK(d.receive_line().starts_with("-ERR WAIT cannot be used with replica instances."));
  ARGENTUM_CHECK_REPLY(d, "ROLE\r\n", "*5\r\n$5\r\nslave\r\n$0\r\n\r\n:0\r\n$7\r\nconnect\r\n:0\r\n");
}

TEST_CASE("CONFIG tells what tools ask for and sets nothing") {
  resp_fixture f;
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c, "CONFIG GET save appendonly nope\r\n",
                       "*4\r\n$10\r\nappendonly\r\n$3\r\nyes\r\n$4\r\nsave\r\n$0\r\n\r\n");
  ARGENTUM_CHECK_REPLY(c, "CONFIG GET DATA*\r\n", "*2\r\n$9\r\ndatabases\r\n$1\r\n2\r\n");
  ARGENTUM_CHECK_REPLY(
      c, "CONFIG SET maxmemory 1\r\n",
      "-ERR CONFIG SET failed (possibly related to argument 'maxmemory') - can't set immutable config\r\n");
}

TEST_CASE("CLIENT KILL closes others at once, and itself after the reply") {
  resp_fixture f;
  raw_client c{f.server->port()};
  raw_client other{f.server->port()};
  other.send("CLIENT ID\r\n");
  auto id = other.receive_line().substr(1);
  id.resize(id.size() - 2);
  ARGENTUM_CHECK_REPLY(c, "CLIENT KILL ID " + id + "\r\n", ":1\r\n");
  CHECK(other.receive_all().empty());
  CHECK(eventually([&] { return f.metrics->clients.value() == 1; }));
  c.send("CLIENT KILL SKIPME no\r\n");
  CHECK(c.receive_all() == ":1\r\n");
}
