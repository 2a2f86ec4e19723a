// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/client.hpp"

#include <hiredis/hiredis.h>

#include <stdexcept>

namespace argentum::bench {

namespace {

struct reply_freer {
  void operator()(redisReply* reply) const noexcept { freeReplyObject(reply); }
};
using reply_ptr = std::unique_ptr<redisReply, reply_freer>;

reply_ptr ask(redisContext& context, const std::vector<std::string>& words) {
  std::vector<const char*> data;
  std::vector<std::size_t> sizes;
  for (const auto& word : words) {
    data.push_back(word.data());
    sizes.push_back(word.size());
  }
  auto count = static_cast<int>(words.size());
  reply_ptr reply{static_cast<redisReply*>(redisCommandArgv(&context, count, data.data(), sizes.data()))};
  if (!reply) throw std::runtime_error{words.front() + ": " + context.errstr};
  if (reply->type == REDIS_REPLY_ERROR) throw std::runtime_error{words.front() + ": " + reply->str};
  return reply;
}

} // namespace

void client::closer::operator()(redisContext* context) const noexcept {
  redisFree(context);
}

client::client(int port) : context_(redisConnect("127.0.0.1", port)) {
  if (!context_ || context_->err != 0)
    throw std::runtime_error{"connect to port " + std::to_string(port) + ": " + (context_ ? context_->errstr : "")};
}

std::optional<std::string> client::text(const std::vector<std::string>& words) {
  auto reply = ask(*context_, words);
  if (reply->type == REDIS_REPLY_NIL) return std::nullopt;
  return std::string{reply->str, reply->len};
}

std::int64_t client::number(const std::vector<std::string>& words) {
  return ask(*context_, words)->integer;
}

} // namespace argentum::bench
