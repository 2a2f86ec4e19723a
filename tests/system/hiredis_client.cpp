// SPDX-License-Identifier: Apache-2.0
// What a C program does with hiredis, on a node that has key-0 .. key-999 with their own names as values:
// hiredis_client HOST PORT writes|reads-only. Exit code 0, or 1 and a line about what was wrong.
#include <hiredis/hiredis.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

namespace {

struct reply_deleter {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using reply_ptr = std::unique_ptr<redisReply, reply_deleter>;

std::string text_of(const redisReply& reply) {
  return {reply.str, reply.len};
}

void expect(bool holds, const std::string& what) {
  if (holds) return;
  std::fprintf(stderr, "hiredis_client: %s\n", what.c_str());
  std::exit(1);
}

void pipelines(redisContext* context) {
  constexpr int keys = 1000;
  for (int i = 0; i < 10 * keys; ++i) redisAppendCommand(context, "GET key-%d", i % keys);
  for (int i = 0; i < 10 * keys; ++i) {
    void* raw = nullptr;
    expect(redisGetReply(context, &raw) == REDIS_OK, "a pipeline breaks");
    reply_ptr reply{static_cast<redisReply*>(raw)};
    auto key = "key-" + std::to_string(i % keys);
    expect(reply->type == REDIS_REPLY_STRING && text_of(*reply) == key, key + " has another value");
  }
}

} // namespace

int main(int argc, char** argv) {
  expect(argc == 4, "usage: hiredis_client HOST PORT writes|reads-only");
  std::unique_ptr<redisContext, decltype(&redisFree)> context{redisConnect(argv[1], std::atoi(argv[2])), redisFree};
  expect(context && context->err == 0, "cannot connect");
  auto ask = [&](auto... words) {
    return reply_ptr{static_cast<redisReply*>(redisCommand(context.get(), words...))};
  };
  pipelines(context.get());
  expect(ask("GET absent")->type == REDIS_REPLY_NIL, "an absent key is not null");
  auto some = ask("MGET key-1 absent key-2");
  expect(some->elements == 3 && text_of(*some->element[2]) == "key-2", "MGET is wrong");
  std::string binary{"\0\xff\r\n", 4};
  auto set = ask("SET %b %b", binary.data(), binary.size(), binary.data(), binary.size());
  if (std::string{argv[3]} == "reads-only") {
    expect(set->type == REDIS_REPLY_ERROR && text_of(*set).starts_with("READONLY"), "a write is not READONLY");
    return 0;
  }
  expect(text_of(*set) == "OK", "SET fails");
  expect(text_of(*ask("GET %b", binary.data(), binary.size())) == binary, "a binary value comes back changed");
  expect(ask("DEL %b", binary.data(), binary.size())->integer == 1, "DEL is wrong");
  return 0;
}
