// SPDX-License-Identifier: Apache-2.0
#include "actors/write/write_group.hpp"

#include "messages/chain.hpp"
#include "messages/entry_codec.hpp"
#include "messages/reply_burst.hpp"

#include <algorithm>

namespace argentum::actors {

namespace {

std::size_t bytes_of(const op_answer& answer) {
  const auto* value = std::get_if<old_value>(&answer);
  return sizeof answer + (value != nullptr && *value ? (*value)->size() : 0);
}

} // namespace

void write_group::answer() {
  reply_burst together;
  for (auto& who : replies) who.reply.deliver(std::move(who.result));
}

void write_group::answer(const caf::error& reason) const {
  for (const auto& who : replies) who.reply.deliver(reason);
}

void group_queue::start_at(position where, stamp_t stamp) {
  groups_.clear();
  front_closed_ = false;
  held_bytes_ = 0;
  last_ = where;
  last_.epoch = std::max<epoch_t>(where.epoch, 1); // the first root starts epoch 1
  last_stamp_ = stamp;
}

std::optional<index_t> group_queue::add(const std::vector<mutation>& mutations, stamp_t wall_now,
                                        std::size_t bytes_max) {
  entry next{last_.epoch, last_.index + 1, std::max(last_stamp_, wall_now), mutations};
  auto bytes = encode_entry(next);
  if (bytes.size() > bytes_max) return {};
  auto& group = open_group(bytes.size());
  auto held = bytes.size();
  for (const auto& change : mutations) held += 2 * change.key.size() + change.value.size();
  group.bytes += bytes.size();
  group.held_bytes += held;
  held_bytes_ += held;
  last_ = {last_.epoch, next.index, extend_chain(last_.chain, bytes)};
  last_stamp_ = next.stamp;
  group.last = next.index;
  ++group.entries;
  group.records.push_back({next.index, last_.chain, std::move(bytes)});
  return next.index;
}

write_group& group_queue::open_group(std::size_t entry_bytes) {
  auto closed = groups_.empty() || (groups_.size() == 1 && front_closed_);
  if (!closed) {
    const auto& last = groups_.back();
    closed = last.bytes + entry_bytes > limits_.bytes_max || last.entries >= limits_.entries_max;
  }
  if (closed) groups_.emplace_back();
  return groups_.back();
}

void group_queue::await(reply_to<write_result> reply, write_result result) {
  auto group =
      std::find_if(groups_.begin(), groups_.end(), [&](const write_group& g) { return g.last >= result.index; });
  std::size_t held = sizeof(write_group::waiting);
  for (const auto& each : result.answers) held += bytes_of(each);
  group->held_bytes += held;
  held_bytes_ += held;
  group->replies.push_back({std::move(reply), std::move(result)});
}

record_run group_queue::take() {
  front_closed_ = true;
  return std::make_shared<const std::vector<log_record>>(std::move(groups_.front().records));
}

void group_queue::pop() {
  held_bytes_ -= groups_.front().held_bytes;
  groups_.pop_front();
  front_closed_ = false;
}

void group_queue::fail(const caf::error& reason) {
  auto failed = std::move(groups_);
  start_at(last_, last_stamp_);
  for (const auto& group : failed) group.answer(reason);
}

} // namespace argentum::actors
