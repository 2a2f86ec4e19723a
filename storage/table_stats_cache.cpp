// SPDX-License-Identifier: Apache-2.0
#include "storage/table_stats_cache.hpp"

#include <algorithm>
#include <utility>

namespace argentum::storage {

table_stats_cache::numbers table_stats_cache::missing(const numbers& wanted) {
  std::lock_guard lock{mutex_};
  std::erase_if(files_,
                [&](const auto& each) { return !std::binary_search(wanted.begin(), wanted.end(), each.first); });
  numbers out;
  for (auto number : wanted)
    if (!files_.contains(number)) out.push_back(number);
  return out;
}

void table_stats_cache::add(std::uint64_t number, sized_stats what) {
  std::lock_guard lock{mutex_};
  files_.insert_or_assign(number, std::move(what));
}

std::optional<sized_stats> table_stats_cache::find(std::uint64_t number) const {
  std::lock_guard lock{mutex_};
  auto found = files_.find(number);
  if (found == files_.end()) return std::nullopt;
  return found->second;
}

} // namespace argentum::storage
