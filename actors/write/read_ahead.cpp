// SPDX-License-Identifier: Apache-2.0
#include "actors/write/read_ahead.hpp"

namespace argentum::actors {

namespace {

/// Nothing: an op of many keys.
std::optional<std::string_view> key_of(const write_op& op) {
  return std::visit(
      [](const auto& each) -> std::optional<std::string_view> {
        if constexpr (requires { each.key; }) return each.key;
        return {};
      },
      op);
}

} // namespace

void read_ahead::read(const storage::read_view& view, std::span<const write_command> writes,
                      const pending_overlay& pending) {
  if (writes.size() < 2) return;
  for (const auto& command : writes) {
    if (command.ops.empty()) continue;
    auto key = key_of(command.ops.front());
    if (key && !pending.find(*key) && places_.emplace(*key, keys_.size()).second) keys_.push_back(*key);
  }
  if (!view.multi_get(keys_, limits::read_ahead_bytes, records_)) clear();
}

std::optional<current_value> read_ahead::take(std::string_view key) {
  auto place = places_.find(key);
  if (place == places_.end()) return {};
  auto& record = records_[place->second];
  places_.erase(place);
  switch (record.answer.status) {
  case storage::read_status::found: return current_value{std::move(record.value), 0, record.answer.version};
  case storage::read_status::absent: return current_value{};
  case storage::read_status::evicted: break;
  }
  return {};
}

void read_ahead::clear() {
  keys_.clear();
  records_.clear();
  places_.clear();
}

} // namespace argentum::actors
