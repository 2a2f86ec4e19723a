// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/rtt_table.hpp"

#include <algorithm>

namespace argentum::actors {

namespace {

rtt_table::microseconds middle_of(const rtt_table::entry& e) {
  auto sorted = e.last;
  auto known = std::min(e.count, sorted.size());
  std::sort(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(known));
  return sorted[(known - 1) / 2];
}

} // namespace

rtt_table::microseconds rtt_table::measured(const std::string& node, microseconds rtt, time_point now) {
  auto& e = entries_[node];
  e.last[e.count++ % e.last.size()] = rtt;
  e.measured = now;
  auto sample = middle_of(e);
  if (e.count == 1) {
    e.smoothed = sample;
    e.variation = sample / 2;
  } else {
    auto deviation = std::chrono::abs(e.smoothed - sample);
    e.variation = (3 * e.variation + deviation) / 4;
    e.smoothed = (7 * e.smoothed + sample) / 8;
  }
  return sample;
}

const rtt_table::entry* rtt_table::find(const std::string& node) const {
  auto it = entries_.find(node);
  return it == entries_.end() ? nullptr : &it->second;
}

rtt_table::microseconds rtt_table::timeout(const std::string& node) const {
  const auto* e = find(node);
  return e == nullptr ? microseconds{0} : e->smoothed + 4 * e->variation;
}

} // namespace argentum::actors
