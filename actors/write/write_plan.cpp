// SPDX-License-Identifier: Apache-2.0
#include "actors/write/write_plan.hpp"

#include "messages/limits.hpp"

#include <algorithm>
#include <unordered_map>

namespace argentum::actors {

namespace {

/// A key that the command touches: what it was, and what the ops so far made of it.
struct touched {
  std::string_view key;
  current_value before;
  const std::string* value = nullptr; ///< after the ops; null = absent
};

std::string_view key_of(const write_op& op) {
  return std::visit([](const auto& o) -> std::string_view { return o.key; }, op);
}

caf::error check_sizes(const std::vector<write_op>& ops, const write_bounds& bounds) {
  if (ops.empty()) return make_error(errc::invalid, "a write needs at least one key");
  if (ops.size() > limits::entry_mutations_max) return make_error(errc::too_large, "too many keys in one write");
  for (const auto& op : ops) {
    if (key_of(op).size() > bounds.key_bytes_max) return make_error(errc::too_large, "the key is too long");
    const auto* put = std::get_if<put_op>(&op);
    if (put != nullptr && put->value.size() > bounds.value_bytes_max)
      return make_error(errc::too_large, "the value is too large");
  }
  return caf::none;
}

std::optional<mutation> outcome(const touched& key) {
  const auto& before = key.before.value;
  if (key.value == nullptr) {
    if (!before) return {};
    return mutation{mutation_kind::remove, std::string{key.key}, {}};
  }
  if (before && *before == *key.value) return {};
  return mutation{before ? mutation_kind::update : mutation_kind::create, std::string{key.key}, *key.value};
}

} // namespace

caf::expected<write_plan> plan_write(const std::vector<write_op>& ops, const write_bounds& bounds,
                                     const value_reader& read) {
  if (auto problem = check_sizes(ops, bounds)) return problem;
  write_plan plan;
  std::vector<touched> keys;
  std::unordered_map<std::string_view, std::size_t> places;
  keys.reserve(ops.size());
  for (const auto& op : ops) {
    auto [place, fresh] = places.emplace(key_of(op), keys.size());
    if (fresh) {
      auto before = read(key_of(op));
      if (!before) return before.error();
      plan.depends_on = std::max(plan.depends_on, before->pending);
      auto& key = keys.emplace_back(touched{key_of(op), std::move(*before), nullptr});
      if (key.before.value) key.value = &*key.before.value;
    }
    auto& key = keys[place->second];
    const auto* put = std::get_if<put_op>(&op);
    if (put != nullptr || key.value != nullptr) ++plan.affected;
    key.value = put != nullptr ? &put->value : nullptr;
  }
  for (const auto& key : keys)
    if (auto change = outcome(key)) plan.mutations.push_back(std::move(*change));
  return plan;
}

} // namespace argentum::actors
