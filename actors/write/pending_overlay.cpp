// SPDX-License-Identifier: Apache-2.0
#include "actors/write/pending_overlay.hpp"

namespace argentum::actors {

const pending_overlay::pending_value* pending_overlay::find(std::string_view key) const {
  auto found = values_.find(key);
  return found == values_.end() ? nullptr : &found->second;
}

void pending_overlay::add(index_t index, std::vector<mutation> mutations) {
  for (auto& change : mutations) {
    auto place = values_.try_emplace(std::move(change.key)).first;
    place->second = {change.kind != mutation_kind::remove, std::move(change.value), index};
    written_.push_back({index, &place->first});
  }
}

void pending_overlay::settle(index_t index) {
  for (; !written_.empty() && written_.front().index <= index; written_.pop_front()) {
    auto found = values_.find(*written_.front().key);
    if (found->second.index == written_.front().index) values_.erase(found);
  }
}

void pending_overlay::clear() {
  written_.clear();
  values_.clear();
}

} // namespace argentum::actors
