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

key_states::state* key_states::find(std::string_view key) {
  auto found = places_.find(key);
  return found == places_.end() ? nullptr : &states_[found->second];
}

caf::expected<old_value> key_states::value(std::string_view key) {
  if (const auto* known = find(key)) return known->value;
  auto now = read(key);
  if (!now) return now.error();
  return std::move(now->value);
}

caf::expected<bool> key_states::exists(std::string_view key) {
  if (const auto* known = find(key)) return known->value.has_value();
  auto now = read(key);
  if (!now) return now.error();
  return now->value.has_value();
}

caf::expected<index_t> key_states::version(std::string_view key) {
  auto now = read(key);
  if (!now) return now.error();
  return now->version;
}

caf::error key_states::set(std::string_view key, old_value value) {
  auto* known = find(key);
  if (known == nullptr) {
    auto now = read(key);
    if (!now) return now.error();
    bool existed = now->value.has_value();
    bool changed = now->value != value;
    places_.emplace(key, states_.size());
    states_.push_back({key, existed, changed, std::move(value)});
    known = &states_.back();
  } else {
    known->changed = known->changed || known->value != value;
    bytes_ -= known->value ? known->value->size() : 0;
    known->value = std::move(value);
  }
  bytes_ += known->value ? known->value->size() : 0;
  if (bytes_ > limits::command_values_bytes_max) return make_error(errc::too_large, "values of one command");
  return caf::none;
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
