// SPDX-License-Identifier: Apache-2.0
// The clients that people use: hiredis, redis-cli, python3-redis.
#include "tests/net/resp_fixture.hpp"

#include <doctest/doctest.h>
#include <hiredis/hiredis.h>

#include <cstdio>

using namespace argentum;
using namespace argentum::test;

namespace {

struct reply_deleter {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using reply_ptr = std::unique_ptr<redisReply, reply_deleter>;

/// Output and exit code of a shell command.
std::pair<std::string, int> run(const std::string& command) {
  auto* pipe = ::popen((command + " 2>&1").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string out;
  char buffer[4096];
  while (auto n = std::fread(buffer, 1, sizeof buffer, pipe)) out.append(buffer, n);
  return {out, ::pclose(pipe)};
}

} // namespace

TEST_CASE("hiredis: single commands, and a pipeline of 10,000") {
  resp_fixture f;
  std::unique_ptr<redisContext, decltype(&redisFree)> c{redisConnect("127.0.0.1", f.server->port()), redisFree};
  REQUIRE(c);
  REQUIRE(c->err == 0);
  auto ask = [&](auto... args) { return reply_ptr{static_cast<redisReply*>(redisCommand(c.get(), args...))}; };
  std::string binary{"\0\xff\r\n", 4};
  CHECK(std::string{ask("SET %b %b", binary.data(), binary.size(), binary.data(), binary.size())->str} == "OK");
  auto got = ask("GET %b", binary.data(), binary.size());
  CHECK(std::string{got->str, got->len} == binary);
  CHECK(ask("GET no")->type == REDIS_REPLY_NIL);
  CHECK(ask("DBSIZE")->integer == 1);
  CHECK(ask("FOO")->type == REDIS_REPLY_ERROR);
  for (int i = 0; i < 10'000; ++i) redisAppendCommand(c.get(), "SET k%d %d", i, i);
  for (int i = 0; i < 10'000; ++i) redisAppendCommand(c.get(), "GET k%d", i);
  int right = 0;
  for (int i = 0; i < 20'000; ++i) {
    void* raw = nullptr;
    REQUIRE(redisGetReply(c.get(), &raw) == REDIS_OK);
    reply_ptr reply{static_cast<redisReply*>(raw)};
    right += i < 10'000 ? std::string{"OK"} == reply->str : std::to_string(i - 10'000) == reply->str;
  }
  CHECK(right == 20'000);
}

TEST_CASE("redis-cli: both protocols, database names, --scan") {
  if (run("command -v redis-cli").second != 0) return; // not a requirement of the build
  resp_fixture f;
  auto cli = "redis-cli -p " + std::to_string(f.server->port()) + " ";
  CHECK(run(cli + "set a 1").first == "OK\n");
  CHECK(run(cli + "-3 get a").first == "1\n");
  CHECK(run(cli + "-n 1 get a").first == "\n");
  CHECK(run(cli + "--scan --pattern 'a*'").first == "a\n");
  CHECK(run("printf 'select beta\\nset x y\\nget x\\n' | " + cli).first == "OK\nOK\ny\n");
  CHECK(run(cli + "-3 hello 3").first.find("server argentum") != std::string::npos);
  CHECK(run(cli + "info argentum").first.find("alpha:db=0,role=replica") != std::string::npos);
}

TEST_CASE("python3-redis: what an application does") {
  if (run("/usr/bin/python3 -c 'import redis'").second != 0) return; // not a requirement of the build
  resp_fixture f;
  auto result = run("/usr/bin/python3 " ARGENTUM_SOURCE_DIR "/tests/net/redis_client_test.py "
                    + std::to_string(f.server->port()));
  CHECK_MESSAGE(result.second == 0, result.first);
}
