// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/value_budget.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <vector>

namespace argentum::sim {

namespace {

struct kept_value {
  vtime last_read{0};
  std::string key;
  std::uint64_t bytes = 0;
  bool operator<(const kept_value& other) const {
    return std::tie(last_read, key) < std::tie(other.last_read, other.key);
  }
};

} // namespace

void value_budget::enforce(const storage::read_view& view,
                           const std::function<bool(const std::string& key)>& evict) const {
  storage::read_view::page_request all;
  all.limit = all.bytes_max = std::numeric_limits<std::size_t>::max();
  all.with_values = true;
  std::vector<storage::read_record> records;
  if (!view.page(all, records)) return; // a disk that fails now is asked again in a second
  std::vector<kept_value> kept;
  std::uint64_t bytes = 0;
  for (auto& record : records) {
    if (record.answer.status != storage::read_status::found) continue;
    auto read = last_read_.find(record.key);
    bytes += record.value.size();
    kept.push_back(
        {read == last_read_.end() ? vtime{0} : read->second, std::move(record.key), record.value.size()});
  }
  std::sort(kept.begin(), kept.end());
  for (const auto& each : kept) {
    if (bytes <= bytes_) return;
    if (evict(each.key)) bytes -= each.bytes;
  }
}

} // namespace argentum::sim
