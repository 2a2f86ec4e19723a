// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/confirmed_contacts.hpp"

#include "messages/oracle_limits.hpp"

#include <algorithm>

namespace argentum::actors {

void confirmed_contacts::confirm(const contact& who, time_point now) {
  rows_[who.node] = {who.address, now};
}

void confirmed_contacts::forget(time_point now, std::size_t most) {
  auto is_old = [now](const auto& each) { return now - each.second.confirmed > limits::contact_memory; };
  if (!std::all_of(rows_.begin(), rows_.end(), is_old)) std::erase_if(rows_, is_old);
  while (rows_.size() > most)
    rows_.erase(std::min_element(rows_.begin(), rows_.end(), [](const auto& a, const auto& b) {
      return a.second.confirmed < b.second.confirmed;
    }));
}

std::vector<contact> confirmed_contacts::all() const {
  std::vector<contact> out;
  for (const auto& [node, row] : rows_) out.push_back({node, row.address});
  return out;
}

confirmed_contacts::time_point confirmed_contacts::newest() const {
  time_point out{};
  for (const auto& [node, row] : rows_) out = std::max(out, row.confirmed);
  return out;
}

} // namespace argentum::actors
