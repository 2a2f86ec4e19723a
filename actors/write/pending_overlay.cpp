// SPDX-License-Identifier: Apache-2.0
#include "actors/write/pending_overlay.hpp"

namespace argentum::actors {

const pending_overlay::pending_value* pending_overlay::find(std::string_view key) const {
  auto found = values_.find(key);
  return found == values_.end() ? nullptr : &found->second;
}

void pending_overlay::add(index_t index, std::vector<mutation> mutations) {
  for (auto& change : mutations) {
    auto& slot = values_[change.key];
    slot = {change.kind != mutation_kind::remove, std::move(change.value), index};
    by_index_.emplace(index, std::move(change.key));
  }
}

void pending_overlay::settle(index_t index) {
  auto end = by_index_.upper_bound(index);
  for (auto written = by_index_.begin(); written != end; ++written) {
    auto found = values_.find(written->second);
    if (found != values_.end() && found->second.index <= index) values_.erase(found);
  }
  by_index_.erase(by_index_.begin(), end);
}

void pending_overlay::clear() {
  values_.clear();
  by_index_.clear();
}

} // namespace argentum::actors
