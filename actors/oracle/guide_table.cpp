// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/guide_table.hpp"

#include "actors/jitter.hpp"
#include "messages/oracle_limits.hpp"

#include <algorithm>
#include <utility>

namespace argentum::actors {

guide_reach guide_table::reach(const std::string& address, time_point now) const {
  auto found = rows_.find(address);
  if (found == rows_.end()) return guide_reach::unknown;
  const auto& row = found->second;
  if (now < row.rest_until) return guide_reach::resting;
  return row.link.value != 0 ? guide_reach::linked : guide_reach::unknown;
}

guide_table::changes guide_table::want(const std::map<std::string, guide_duty>& duties, time_point now) {
  changes out;
  for (auto& [address, row] : rows_) {
    if (duties.contains(address)) continue;
    row.duty = {};
    row.link = {};
    if (std::exchange(row.dialled, false)) out.release.push_back(address);
  }
  std::erase_if(rows_,
                [&](const auto& each) { return !duties.contains(each.first) && now >= each.second.rest_until; });
  for (const auto& [address, duty] : duties) {
    auto& row = rows_[address];
    row.duty = duty;
    if (!std::exchange(row.dialled, true)) out.dial.push_back(address);
  }
  return out;
}

void guide_table::opened(const std::string& address, link_id link, const std::string& datacenter, time_point now) {
  auto found = rows_.find(address);
  if (found == rows_.end() || !found->second.dialled) return;
  auto& row = found->second;
  row.link = link;
  row.datacenter = datacenter;
  row.silent = false;
  row.ask_at = row.register_at = now;
}

void guide_table::closed(const std::string& address, time_point now) {
  auto found = rows_.find(address);
  if (found == rows_.end()) return;
  found->second.dialled = false;
  found->second.link = {};
  rest(found->second, now);
}

std::optional<std::string> guide_table::answered(link_id link) {
  for (auto& [address, row] : rows_) {
    if (row.link != link || !row.silent) continue;
    row.silent = false;
    row.failures = 0;
    return row.datacenter;
  }
  return {};
}

std::vector<link_id> guide_table::to_ask(time_point now) {
  std::vector<link_id> due;
  for (auto& [address, row] : rows_) {
    if (row.link.value == 0 || !row.duty.asked || now < row.ask_at) continue;
    if (row.silent) { // its link is let go of when the links are looked at next
      rest(row, now);
      continue;
    }
    row.silent = true;
    row.ask_at = next_turn(now);
    due.push_back(row.link);
  }
  return due;
}

std::vector<link_id> guide_table::to_register(time_point now) {
  std::vector<link_id> due;
  for (auto& [address, row] : rows_) {
    if (row.link.value == 0 || !row.duty.registers || now < row.register_at) continue;
    row.register_at = next_turn(now);
    due.push_back(row.link);
  }
  return due;
}

void guide_table::ask_again(time_point now) {
  for (auto& [address, row] : rows_)
    if (!row.silent) row.ask_at = now;
}

std::vector<link_id> guide_table::registrars() const {
  std::vector<link_id> all;
  for (const auto& [address, row] : rows_)
    if (row.link.value != 0 && row.duty.registers) all.push_back(row.link);
  return all;
}

std::size_t guide_table::linked() const {
  return static_cast<std::size_t>(
      std::count_if(rows_.begin(), rows_.end(), [](const auto& each) { return each.second.link.value != 0; }));
}

/// Give or take a quarter: leaves that started together come apart.
guide_table::time_point guide_table::next_turn(time_point now) {
  return now + part_of<duration>(limits::nearest_interval, 0.75, 1.25, random_);
}

void guide_table::rest(guide_link& which, time_point now) {
  auto full =
      std::min<duration>(limits::nearest_interval, limits::guide_rest_min * (1u << std::min(which.failures, 16u)));
  ++which.failures;
  which.rest_until = now + part_of(full, 0.5, 1, random_);
}

} // namespace argentum::actors
