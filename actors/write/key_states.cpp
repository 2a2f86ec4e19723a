// SPDX-License-Identifier: Apache-2.0
#include "actors/write/key_states.hpp"

#include "messages/limits.hpp"

#include <algorithm>

namespace argentum::actors {

caf::expected<current_value> key_states::read(std::string_view key) {
  auto now = read_(key);
  if (now) depends_on_ = std::max(depends_on_, now->pending);
  return now;
}

caf::error key_states::keep(state& of, old_value value) {
  bytes_ -= of.value ? of.value->size() : 0;
  of.value = std::move(value);
  bytes_ += of.value ? of.value->size() : 0;
  if (bytes_ > limits::command_values_bytes_max) return make_error(errc::too_large, "values of one command");
  return caf::none;
}

caf::expected<old_value> key_states::peek(std::string_view key) {
  if (auto known = places_.find(key); known != places_.end()) return states_[known->second].value;
  auto now = read(key);
  if (!now) return now.error();
  return std::move(now->value);
}

caf::expected<index_t> key_states::version(std::string_view key) {
  auto now = read(key);
  if (!now) return now.error();
  return now->version;
}

caf::expected<const old_value*> key_states::get(std::string_view key) {
  auto [place, is_new] = places_.emplace(key, states_.size());
  if (is_new) {
    auto now = read(key);
    if (!now) return now.error();
    states_.push_back({key, now->value.has_value(), false, {}});
    if (auto error = keep(states_.back(), std::move(now->value))) return error;
  }
  return &states_[place->second].value;
}

caf::error key_states::set(std::string_view key, old_value value) {
  auto& known = states_[places_.at(key)];
  known.changed = known.changed || known.value != value;
  return keep(known, std::move(value));
}

std::vector<mutation> key_states::take_changes() {
  std::vector<mutation> out;
  for (auto& each : states_) {
    if (!each.changed) continue;
    if (each.value)
      out.push_back({each.existed ? mutation_kind::update : mutation_kind::create, std::string{each.key},
                     std::move(*each.value)});
    else if (each.existed)
      out.push_back({mutation_kind::remove, std::string{each.key}, {}});
  }
  return out;
}

} // namespace argentum::actors
