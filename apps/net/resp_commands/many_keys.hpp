// SPDX-License-Identifier: Apache-2.0
// Reads of any number of keys as of one index, in parts: one part a turn, so that the other clients of the loop do
// not wait for the whole of it.
#pragma once

#include "apps/net/command.hpp"

namespace argentum::net {

/// MGET: the values as they come, with room left for those that a proxy has evicted.
class mget_reply {
 public:
  explicit mget_reply(command_call& call);
  void take(command_call& call, const std::vector<storage::read_record>& part);
  void finish(command_call& call);

 private:
  data_source source_;
  std::string text_;
  std::size_t keys_ = 0;
  std::size_t bytes_ = 0; ///< of values
  std::vector<fetch_command::item> evicted_;
  std::vector<std::size_t> places_; ///< of those in text_
};

/// EXISTS: how many of the keys there are, repeated ones counted each.
class exists_reply {
 public:
  explicit exists_reply(command_call&) {}
  void take(command_call& call, const std::vector<storage::read_record>& part);
  void finish(command_call& call);

 private:
  std::size_t keys_ = 0;
  std::int64_t present_ = 0;
};

/// One part of the keys and their records; true after the last, or an error.
template <class Reply>
bool read_part(command_call& call, storage::multi_read& keys, Reply& reply) {
  std::vector<storage::read_record> part;
  if (auto ok = keys.next(limits::turn_work_max, part); !ok) {
    call.fail(read_error_text(ok.error()));
    return true;
  }
  reply.take(call, part);
  if (part.size() == limits::turn_work_max) return false;
  reply.finish(call);
  return true;
}

/// Answers with what Reply makes of all keys of the command.
template <class Reply>
void read_in_turns(command_call& call) {
  auto keys = call.view().begin_multi_get(call.args.subspan(1), limits::multi_read_bytes_max);
  if (!keys) return call.fail(read_error_text(keys.error()));
  auto reply = std::make_shared<Reply>(call);
  command_rest rest = [keys = std::shared_ptr{std::move(*keys)}, reply](command_call& now) {
    return read_part(now, *keys, *reply);
  };
  if (!rest(call)) call.rest = std::move(rest);
}

} // namespace argentum::net
