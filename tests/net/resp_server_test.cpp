// SPDX-License-Identifier: Apache-2.0
// Commands over a real socket. Texts of errors were taken from redis-server 7.0.15.
#include "apps/net/command.hpp"
#include "apps/net/resp_commands/command_docs.hpp"
#include "tests/net/raw_client.hpp"
#include "tests/net/resp_fixture.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace argentum;
using namespace argentum::test;

TEST_CASE("reads and writes of one key, empty and binary too") {
  resp_fixture f;
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c, "PING\r\n", "+PONG\r\n");
  ARGENTUM_CHECK_REPLY(c, "get a\r\n", "$-1\r\n");
  ARGENTUM_CHECK_REPLY(c, "SET a 1\r\n", "+OK\r\n");
  ARGENTUM_CHECK_REPLY(c, "GET a\r\n", "$1\r\n1\r\n");
  ARGENTUM_CHECK_REPLY(c, resp_command({"SET", "empty", ""}), "+OK\r\n");
  ARGENTUM_CHECK_REPLY(c, "GET empty\r\n", "$0\r\n\r\n");
  std::string binary{"\0\r\n\xff", 4};
  ARGENTUM_CHECK_REPLY(c, resp_command({"SET", binary, binary}), "+OK\r\n");
  ARGENTUM_CHECK_REPLY(c, resp_command({"GET", binary}), bulk_reply(binary));
  ARGENTUM_CHECK_REPLY(c, "STRLEN a\r\nSTRLEN no\r\n", ":1\r\n:0\r\n");
  ARGENTUM_CHECK_REPLY(c, "TYPE a\r\nTYPE no\r\n", "+string\r\n+none\r\n");
  ARGENTUM_CHECK_REPLY(c, "EXISTS a\r\nEXISTS a no a\r\n", ":1\r\n:2\r\n");
  ARGENTUM_CHECK_REPLY(c, "MSET x 1 y 2 x 3\r\nMGET x no y\r\n", "+OK\r\n*3\r\n$1\r\n3\r\n$-1\r\n$1\r\n2\r\n");
  ARGENTUM_CHECK_REPLY(c, "DBSIZE\r\n", ":5\r\n");
  ARGENTUM_CHECK_REPLY(c, "DEL x x no\r\nUNLINK y\r\nDBSIZE\r\n", ":1\r\n:1\r\n:3\r\n");
  CHECK(eventually([&] { return f.metrics->keyspace_hits.value() > 0 && f.metrics->keyspace_misses.value() > 0; }));
}

TEST_CASE("a value of 16 MiB goes in and out; a larger one, and a long key, are refused in words") {
  resp_fixture f;
  raw_client c{f.server->port()};
  std::string value(limits::value_bytes_max, 'v');
  value[12345] = '\0';
  ARGENTUM_CHECK_REPLY(c, resp_command({"SET", "big", value}), "+OK\r\n");
  auto expected = bulk_reply(value);
  CHECK((c.ask("GET big\r\n", expected) == expected));
  ARGENTUM_CHECK_REPLY(c, resp_command({"SET", "big", value + "x"}),
                       "-ERR value is too large: 16777217 bytes, at most 16777216\r\n");
  ARGENTUM_CHECK_REPLY(c, resp_command({"SET", std::string(4097, 'k'), ""}),
                       "-ERR key is too large: 4097 bytes, at most 4096\r\n");
  ARGENTUM_CHECK_REPLY(c, resp_command({"SET", std::string(4096, 'k'), ""}), "+OK\r\n");
}

TEST_CASE("unknown commands, wrong numbers of arguments and wrong options") {
  resp_fixture f;
  raw_client c{f.server->port()};
  const std::pair<std::string, std::string> cases[] = {
      {"FOO\r\n", "-ERR unknown command 'FOO', with args beginning with: \r\n"},
      {"foo bar 'baz q'\r\n", "-ERR unknown command 'foo', with args beginning with: 'bar' 'baz q' \r\n"},
      {resp_command({""}), "-ERR unknown command '', with args beginning with: \r\n"},
      {resp_command({std::string{"F\r\n\0O", 5}, "a\r\n"}),
       "-ERR unknown command 'F  ', with args beginning with: 'a  ' \r\n"},
      {"FOO " + std::string(60, 'a') + " " + std::string(60, 'a') + " " + std::string(60, 'a') + " b\r\n",
       "-ERR unknown command 'FOO', with args beginning with: '" + std::string(60, 'a') + "' '"
           + std::string(60, 'a') + "' 'aa' \r\n"},
      {"GET\r\n", "-ERR wrong number of arguments for 'get' command\r\n"},
      {"GET a b\r\n", "-ERR wrong number of arguments for 'get' command\r\n"},
      {"MSET a b c\r\n", "-ERR wrong number of arguments for 'mset' command\r\n"},
      {"PING a b\r\n", "-ERR wrong number of arguments for 'ping' command\r\n"},
      {"CLIENT FOO\r\n", "-ERR unknown subcommand 'FOO'. Try CLIENT HELP.\r\n"},
      {"CLIENT ID x\r\n", "-ERR wrong number of arguments for 'client|id' command\r\n"},
      {"SELECT 99\r\n", "-ERR DB index is out of range\r\n"},
      {"SELECT -1\r\n", "-ERR DB index is out of range\r\n"},
      {"SELECT nobody\r\n", "-ERR no instance has this name or number\r\n"},
      {"SET a b FOO\r\n", "-ERR syntax error\r\n"},
      {"SET a b EX 5\r\n", "-ERR SET option 'EX' is not supported: keys do not expire here\r\n"},
      {"SET a b NX XX\r\n", "-ERR syntax error\r\n"},
      {"GETAT a x\r\n", "-ERR value is not an integer or out of range\r\n"},
      {"RANGE a b LIMIT 0\r\n", "-ERR LIMIT must be positive\r\n"},
      {"RANGE a b NOPE 1\r\n", "-ERR syntax error\r\n"},
      {"FLUSHDB\r\n", "-ERR FLUSHDB is not allowed: set flush = true in [commands] of the node's config\r\n"},
      {"SCAN abc\r\n", "-ERR invalid cursor\r\n"},
      {"SCAN 0 COUNT 0\r\n", "-ERR syntax error\r\n"},
      {"SCAN 0 COUNT abc\r\n", "-ERR value is not an integer or out of range\r\n"},
      {"SCAN 0 MATCH\r\n", "-ERR syntax error\r\n"},
      {"HELLO 4\r\n", "-NOPROTO unsupported protocol version\r\n"},
      {"HELLO abc\r\n", "-ERR Protocol version is not an integer or out of range\r\n"},
      {"HELLO 2 FOO\r\n", "-ERR Syntax error in HELLO option 'FOO'\r\n"},
      {"HELLO 2 AUTH a b\r\n", "-WRONGPASS invalid username-password pair or user is disabled.\r\n"},
      {"CLIENT SETNAME 'a b'\r\n", "-ERR Client names cannot contain spaces, newlines or special characters.\r\n"},
      {"WAITINDEX x 0\r\n", "-ERR value is not an integer or out of range\r\n"},
      {"STATUS\r\n", "-ERR unknown command 'STATUS', with args beginning with: \r\n"},
  };
  for (const auto& [bytes, expected] : cases) ARGENTUM_CHECK_REPLY(c, bytes, expected);
  CHECK(eventually([&] { return f.metrics->command_errors.value() == std::size(cases); }));
  ARGENTUM_CHECK_REPLY(c, "PING\r\n", "+PONG\r\n");
}

TEST_CASE("instances are chosen by number or name, and are separate") {
  resp_fixture f;
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c,
                       "SET k 0\r\nSELECT beta\r\nGET k\r\nSET k 1\r\nSELECT 0\r\nGET k\r\nSELECT 1\r\nGET k\r\n",
                       "+OK\r\n+OK\r\n$-1\r\n+OK\r\n+OK\r\n$1\r\n0\r\n+OK\r\n$1\r\n1\r\n");
}

TEST_CASE("a node that is not the root refuses writes and names the root") {
  resp_fixture f{false};
  raw_client c{f.server->port()};
  const std::string refusal = "-READONLY You can't write against a read only replica; the root of alpha is "
                              "root.example:6380.\r\n";
  for (const auto* write : {"SET a b\r\n", "MSET a b\r\n", "DEL a\r\n", "UNLINK a\r\n"})
    ARGENTUM_CHECK_REPLY(c, write, refusal);
  ARGENTUM_CHECK_REPLY(c, "GET a\r\n", "$-1\r\n");
}

TEST_CASE("HELLO 3 changes the replies, RESET takes it back") {
  resp_fixture f;
  raw_client c{f.server->port()};
  c.send("HELLO 3 AUTH default x SETNAME tester\r\n");
  CHECK(c.receive_line() == "%7\r\n");
  while (c.receive_line() != "*0\r\n") {
  }
  ARGENTUM_CHECK_REPLY(c, "GET no\r\nMGET no\r\nCLIENT GETNAME\r\n", "_\r\n*1\r\n_\r\n$6\r\ntester\r\n");
  ARGENTUM_CHECK_REPLY(c, "COMMAND DOCS get nope\r\n",
                       "%1\r\n$3\r\nget\r\n%3\r\n$7\r\nsummary\r\n$22\r\nGet the value of a key\r\n"
                       "$5\r\nsince\r\n$5\r\n1.0.0\r\n$5\r\ngroup\r\n$6\r\nstring\r\n");
  ARGENTUM_CHECK_REPLY(c, "RESET\r\nGET no\r\nCLIENT GETNAME\r\n", "+RESET\r\n$-1\r\n$-1\r\n");
}

TEST_CASE("SCAN finds every key that is there all the time, while others come and go") {
  resp_fixture f;
  std::set<std::string> stable;
  for (int i = 0; i < 2000; ++i) {
    auto key = "stable:" + std::to_string(i * 7919);
    f.alpha->put(key, "v");
    stable.insert(key);
  }
  for (std::string match : {"*", "stable:*", "st*e:*1*"}) {
    raw_client c{f.server->port()};
    std::set<std::string> seen;
    std::string cursor = "0";
    int step = 0;
    do {
      c.send(resp_command({"SCAN", cursor, "MATCH", match, "COUNT", "17"}));
      CHECK(c.receive_line() == "*2\r\n");
      c.receive_line();
      cursor = c.receive_line();
      cursor.resize(cursor.size() - 2);
      auto count = std::stoul(c.receive_line().substr(1));
      for (std::size_t i = 0; i < count; ++i) {
        c.receive_line();
        auto key = c.receive_line();
        CHECK(seen.insert(key.substr(0, key.size() - 2)).second);
      }
      f.alpha->put("stable" + std::to_string(step), "new");
      f.alpha->write({remove_op{"stable" + std::to_string(step - 3)}});
      ++step;
    } while (cursor != "0");
    for (const auto& each : stable)
      if (match != "st*e:*1*" || each.find('1') != std::string::npos) CHECK(seen.contains(each));
  }
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c, "SCAN 0 MATCH zzz* COUNT 10\r\nSCAN 0 TYPE list COUNT 1\r\n",
                       "*2\r\n$1\r\n0\r\n*0\r\n*2\r\n");
}

TEST_CASE("a cursor that is not known is refused, never taken for the end") {
  resp_fixture f;
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c, "SCAN 77\r\n",
                       "-ERR invalid cursor: it is not known here or no longer; start again with 0\r\n");
}

TEST_CASE("INDEX tells the node's index, and after a write that write's") {
  resp_fixture f;
  f.alpha->put("a", "1");
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c, "INDEX\r\nSET b 1\r\nINDEX\r\n", ":1\r\n+OK\r\n:2\r\n");
  f.alpha->put("c", "1");
  ARGENTUM_CHECK_REPLY(c, "INDEX\r\n", ":2\r\n");
  raw_client other{f.server->port()};
  ARGENTUM_CHECK_REPLY(other, "INDEX\r\n", ":3\r\n");
}

TEST_CASE("WAITINDEX answers when the index is there, holds what follows, and times out with an error") {
  resp_fixture f{false};
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c, "WAITINDEX 0 0\r\n", ":0\r\n");
  c.send("WAITINDEX 1 0\r\nGET a\r\n");
  REQUIRE(eventually([&] { return f.alpha->waiters() == 1; }));
  CHECK(c.silent());
  f.alpha->put("a", "1");
  CHECK(c.receive(11) == ":1\r\n$1\r\n1\r\n");
  c.send("WAITINDEX 9 100\r\n");
  REQUIRE(eventually([&] { return f.alpha->waiters() == 1; }));
  f.alpha->expire_waiters();
  CHECK(c.receive_line() == "-TIMEOUT index not reached\r\n");
}

TEST_CASE("an MGET whose values are too large together, those here and those fetched, is refused") {
  resp_fixture f;
  f.beta->put("evicted", std::string(8 * limits::mib, 'e'));
  f.beta->evict("evicted");
  for (auto key : {"a", "b", "c", "d"}) f.beta->put(key, std::string(15 * limits::mib, 'x'));
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c, "SELECT beta\r\n", "+OK\r\n");
  ARGENTUM_CHECK_REPLY(c, "MGET evicted a b c d\r\n",
                       "-ERR the values asked for are larger than 67108864 bytes together\r\n");
  c.send("MGET evicted a\r\n");
  CHECK(c.receive_line() == "*2\r\n");
}

TEST_CASE("DIGEST is the digest of the store") {
  resp_fixture f;
  f.alpha->put("a", "1");
  auto digest = *f.instances[0].view->load()->digest();
  raw_client c{f.server->port()};
  char keys[17], values[17];
  std::snprintf(keys, sizeof keys, "%016llx", static_cast<unsigned long long>(digest.keys));
  std::snprintf(values, sizeof values, "%016llx", static_cast<unsigned long long>(digest.values));
  auto expected = "*8\r\n$5\r\nindex\r\n:1\r\n$4\r\nkeys\r\n:1\r\n$10\r\nkey_digest\r\n" + bulk_reply(keys)
                  + "$12\r\nvalue_digest\r\n" + bulk_reply(values);
  ARGENTUM_CHECK_REPLY(c, "DIGEST\r\n", expected);
}

TEST_CASE("INFO, CLIENT and COMMAND answer") {
  resp_fixture f;
  f.alpha->put("a", "1");
  raw_client c{f.server->port()};
  auto text = [&](const char* command) {
    c.send(command);
    auto header = c.receive_line();
    return c.receive(std::stoul(header.substr(1)) + 2);
  };
  auto info = text("INFO\r\n");
  for (const auto* each :
       {"# Server\r\n", "redis_version:7.0.15\r\n", "# Clients\r\nconnected_clients:1\r\n", "# Memory\r\n",
        "# Stats\r\n", "role:master\r\n", "db0:keys=1,", "# Argentum\r\nalpha:db=0,"})
    CHECK_MESSAGE(info.find(each) != std::string::npos, each);
  CHECK(text("INFO keyspace\r\n") == "# Keyspace\r\ndb0:keys=1,expires=0,avg_ttl=0\r\n\r\n");
  ARGENTUM_CHECK_REPLY(c, "CLIENT SETNAME me\r\nCLIENT SETINFO lib-name x\r\nCLIENT NO-EVICT on\r\n",
                       "+OK\r\n+OK\r\n+OK\r\n");
  CHECK(text("CLIENT LIST\r\n").find("name=me ") != std::string::npos);
  CHECK(text("CLIENT INFO\r\n").find("lib-name=x") != std::string::npos);
  ARGENTUM_CHECK_REPLY(
      c, "COMMAND INFO get nope\r\n",
      "*2\r\n*10\r\n$3\r\nget\r\n:2\r\n*2\r\n+readonly\r\n+fast\r\n:1\r\n:1\r\n:1\r\n*0\r\n*0\r\n*0\r\n"
      "*0\r\n$-1\r\n");
}

TEST_CASE("every command that is shown has a text") {
  for (const auto* row : net::admin_commands().rows())
    if (std::string_view{row->flags} != "hidden") CHECK_MESSAGE(net::doc_of(row->name) != nullptr, row->name);
}

TEST_CASE("the admin listener has STATUS and SHUTDOWN too") {
  std::atomic<bool> asked{false};
  net::resp_server_config config;
  config.admin = true;
  config.on_shutdown = [&] { asked = true; };
  resp_fixture f{true, config};
  raw_client c{f.server->port()};
  c.send("STATUS\r\n");
  auto size = std::stoul(c.receive_line().substr(1));
  auto json = c.receive(size + 2);
  CHECK(json.find("\"node\": \"tester\"") != std::string::npos);
  CHECK(json.find("\"name\": \"beta\"") != std::string::npos);
  ARGENTUM_CHECK_REPLY(c, "SHUTDOWN\r\n", "+OK\r\n");
  CHECK(c.receive_all().empty());
  CHECK(asked);
}

TEST_CASE("the admin listener changes roles") {
  std::string asked;
  net::resp_server_config config;
  config.admin = true;
  config.on_role = [&](std::size_t number, instance_role role) -> caf::expected<std::string> {
    asked = std::to_string(number) + to_string(role);
    if (role == instance_role::proxy) return make_error(errc::invalid, "nobody to ask");
    return std::string{"OK"};
  };
  resp_fixture f{false, config};
  raw_client c{f.server->port()};
  ARGENTUM_CHECK_REPLY(c, "INSTANCE ROLE beta REPLICA\r\n", "+OK\r\n");
  CHECK(asked == "1replica");
  ARGENTUM_CHECK_REPLY(c, "instance role alpha proxy\r\n", "-ERR nobody to ask\r\n");
  CHECK(asked == "0proxy");
  ARGENTUM_CHECK_REPLY(c, "INSTANCE ROLE gamma proxy\r\n", "-ERR no instance has this name\r\n");
  ARGENTUM_CHECK_REPLY(c, "INSTANCE ROLE beta root\r\n", "-ERR the role is replica or proxy\r\n");
  ARGENTUM_CHECK_REPLY(c, "INSTANCE ROLE beta\r\n",
                       "-ERR wrong number of arguments for 'instance|role' command\r\n");
}

TEST_CASE("an address that is in use is named in the error") {
  resp_fixture f;
  net::resp_server_config config;
  config.listen = {"127.0.0.1", f.server->port()};
  auto second = net::resp_server::start(config, f.loops, f.instances, f.metrics);
  REQUIRE_FALSE(second);
  CHECK(describe(second.error())
        == "unavailable: cannot listen on 127.0.0.1:" + std::to_string(f.server->port())
               + ": Address already in use");
}
