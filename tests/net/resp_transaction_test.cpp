// SPDX-License-Identifier: Apache-2.0
// MULTI and its kin: one entry on the root, one index elsewhere.
#include "tests/net/raw_client.hpp"
#include "tests/net/resp_fixture.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace argentum::test;

TEST_CASE("a transaction is one entry, and its reads see its own writes") {
  resp_fixture f;
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c, "MULTI\r\nSET a 1\r\nINCR a\r\nGET a\r\nDEL a b\r\nMGET a\r\nSET b 2\r\nPING\r\n",
                       "+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n");
  ARGENTUM_CHECK_REPLY(c, "EXEC\r\nINDEX\r\n",
                       "*7\r\n+OK\r\n:2\r\n$1\r\n2\r\n:1\r\n*1\r\n$-1\r\n+OK\r\n+PONG\r\n:1\r\n");
  ARGENTUM_CHECK_REPLY(c, "MULTI\r\nEXEC\r\n", "+OK\r\n*0\r\n");
}

TEST_CASE("nothing runs before EXEC, and nothing at all after a refused command or DISCARD") {
  resp_fixture f;
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c, "MULTI\r\nSET a 1\r\n", "+OK\r\n+QUEUED\r\n");
  CHECK(f.instances[0].view->load()->applied() == 0);
  ARGENTUM_CHECK_REPLY(c, "SCAN 0\r\nEXEC\r\nGET a\r\n",
                       "-ERR 'scan' is not allowed inside MULTI: a transaction reads and writes keys by name\r\n"
                       "-EXECABORT Transaction discarded because of previous errors.\r\n$-1\r\n");
  ARGENTUM_CHECK_REPLY(c, "MULTI\r\nSET a 1\r\nDISCARD\r\nGET a\r\nEXEC\r\n",
                       "+OK\r\n+QUEUED\r\n+OK\r\n$-1\r\n-ERR EXEC without MULTI\r\n");
}

TEST_CASE("a transaction is bounded, and says so") {
  resp_fixture f;
  raw_client c{f.server->port()};
  const std::string refusal = "-ERR the transaction is too large: at most 10000 commands, 100000 keys and 37748736 "
                              "bytes\r\n";
  ARGENTUM_CHECK_REPLY(c, "MULTI\r\n", "+OK\r\n");
  auto large = resp_command({"SET", "k", std::string(limits::value_bytes_max, 'v')});
  ARGENTUM_CHECK_REPLY(c, large + large, "+QUEUED\r\n+QUEUED\r\n");
  ARGENTUM_CHECK_REPLY(c, large, refusal);
  ARGENTUM_CHECK_REPLY(c, "EXEC\r\nMULTI\r\n",
                       "-EXECABORT Transaction discarded because of previous errors.\r\n+OK\r\n");
  std::string many, expected;
  for (std::size_t i = 0; i < limits::transaction_commands_max; ++i) {
    many += "PING\r\n";
    expected += "+QUEUED\r\n";
  }
  ARGENTUM_CHECK_REPLY(c, many, expected);
  ARGENTUM_CHECK_REPLY(c, "PING\r\n", refusal);
}

TEST_CASE("WATCH: a key that was written meanwhile makes EXEC answer nil") {
  resp_fixture f;
  raw_client c{f.server->port()};
  f.alpha->put("k", "1");
  ARGENTUM_CHECK_REPLY(c, "WATCH k none\r\nMULTI\r\nSET k 2\r\nEXEC\r\n", "+OK\r\n+OK\r\n+QUEUED\r\n*1\r\n+OK\r\n");
  ARGENTUM_CHECK_REPLY(c, "WATCH k none\r\nMULTI\r\nSET k 3\r\n", "+OK\r\n+OK\r\n+QUEUED\r\n");
  f.alpha->put("none", "now");
  ARGENTUM_CHECK_REPLY(c, "EXEC\r\nGET k\r\n", "*-1\r\n$1\r\n2\r\n");
  ARGENTUM_CHECK_REPLY(c, "WATCH k\r\nSELECT 1\r\nMULTI\r\nGET k\r\nEXEC\r\n",
                       "+OK\r\n+OK\r\n+OK\r\n+QUEUED\r\n-EXECABORT the watched keys are of another instance.\r\n");
}

TEST_CASE("other nodes refuse writes in a transaction, and read as of one index") {
  resp_fixture f{false};
  f.beta->put("evicted", "far");
  f.beta->evict("evicted");
  f.beta->put("near", "here");
  raw_client c{f.server->port()};
  c.send("SELECT beta\r\nMULTI\r\nSET a 1\r\nEXEC\r\n");
  CHECK(c.receive_line() == "+OK\r\n");
  CHECK(c.receive_line() == "+OK\r\n");
  CHECK(c.receive_line().starts_with("-READONLY"));
  CHECK(c.receive_line().starts_with("-EXECABORT"));
  ARGENTUM_CHECK_REPLY(
      c, "WATCH near\r\nMULTI\r\nGET evicted\r\nSTRLEN near\r\nEXISTS near no evicted\r\nGET no\r\nEXEC\r\n",
      "+OK\r\n+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n*4\r\n$3\r\nfar\r\n:4\r\n:2\r\n$-1\r\n");
  CHECK(f.beta->fetch_commands() == 1);
  ARGENTUM_CHECK_REPLY(c, "WATCH near\r\nMULTI\r\nGET near\r\n", "+OK\r\n+OK\r\n+QUEUED\r\n");
  f.beta->put("near", "changed");
  ARGENTUM_CHECK_REPLY(c, "EXEC\r\n", "*-1\r\n");
}

TEST_CASE("SELECT in a transaction: only of the instance that it is of") {
  resp_fixture f;
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c, "MULTI\r\nSELECT 0\r\nSET a 1\r\nSELECT alpha\r\nEXEC\r\n",
                       "+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n*3\r\n+OK\r\n+OK\r\n+OK\r\n");
  ARGENTUM_CHECK_REPLY(
      c, "MULTI\r\nSELECT 1\r\nSET b 1\r\nEXEC\r\nGET b\r\n",
      "+OK\r\n-ERR SELECT of another instance is not allowed inside MULTI: a transaction is of one "
      "instance\r\n+QUEUED\r\n-EXECABORT Transaction discarded because of previous errors.\r\n"
      "$-1\r\n");
}
