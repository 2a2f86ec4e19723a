// SPDX-License-Identifier: Apache-2.0
#include "apps/net/resp_commands/many_keys.hpp"

#include "apps/net/value_fetch.hpp"

namespace argentum::net {

using storage::read_record;
using storage::read_status;

mget_reply::mget_reply(command_call& call) : source_(call.source()) {
  resp_writer{text_, call.client.protocol}.array(call.args.size() - 1);
}

void mget_reply::take(command_call& call, const std::vector<read_record>& part) {
  resp_writer out{text_, call.client.protocol};
  for (const auto& each : part) {
    auto key = call.args[++keys_];
    call.count_read(key, each.answer.status, each.value);
    switch (each.answer.status) {
    case read_status::absent: out.null(); break;
    case read_status::found: out.bulk(each.value); break;
    case read_status::evicted:
      evicted_.push_back({std::string{key}, each.answer.version});
      places_.push_back(text_.size());
    }
    bytes_ += each.value.size();
  }
}

void mget_reply::finish(command_call& call) {
  if (evicted_.empty()) {
    auto& tail = call.queue.tail();
    if (tail.empty()) return tail.swap(text_);
    tail += text_;
    return;
  }
  fetch(call, source_, std::move(evicted_), limits::multi_read_bytes_max - bytes_,
        [text = std::move(text_), places = std::move(places_)](resp_writer& out, std::vector<std::string>& values) {
          std::size_t written = 0;
          for (std::size_t i = 0; i < places.size(); ++i) {
            out.raw(std::string_view{text}.substr(written, places[i] - written));
            out.bulk(values[i]);
            written = places[i];
          }
          out.raw(std::string_view{text}.substr(written));
        });
}

void exists_reply::take(command_call& call, const std::vector<read_record>& part) {
  for (const auto& each : part) {
    call.count_read(call.args[++keys_], each.answer.status, each.value);
    present_ += each.answer.status != read_status::absent ? 1 : 0;
  }
}

void exists_reply::finish(command_call& call) {
  call.reply().integer(present_);
}

} // namespace argentum::net
