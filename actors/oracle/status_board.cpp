// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/status_board.hpp"

#include <algorithm>

namespace argentum::actors {

void status_board::heard(const std::string& node, const std::vector<instance_status>& statuses, time_point said) {
  auto [it, fresh] = rows_.try_emplace(node);
  if (fresh || said > it->second.said) it->second = {said, statuses};
}

void status_board::heard(const std::string& node, const instance_status& status, time_point said) {
  auto [it, fresh] = rows_.try_emplace(node);
  auto& [told, all] = it->second;
  if (!fresh && said <= told) return;
  for (auto& each : all) each.age += std::chrono::duration_cast<std::chrono::microseconds>(said - told);
  told = said;
  auto same = [&status](const instance_status& each) { return each.instance == status.instance; };
  auto old = std::find_if(all.begin(), all.end(), same);
  if (old == all.end())
    all.push_back(status);
  else
    *old = status;
}

std::vector<instance_status> status_board::said(const std::string& node) const {
  auto it = rows_.find(node);
  return it == rows_.end() ? std::vector<instance_status>{} : it->second.statuses;
}

std::vector<instance_status> status_board::of(const std::string& node, time_point now) const {
  auto it = rows_.find(node);
  if (it == rows_.end()) return {};
  auto out = it->second.statuses;
  for (auto& each : out) each.age += std::chrono::duration_cast<std::chrono::microseconds>(now - it->second.said);
  return out;
}

std::chrono::milliseconds status_board::age(const std::string& node, time_point now) const {
  auto it = rows_.find(node);
  if (it == rows_.end()) return {};
  return std::chrono::duration_cast<std::chrono::milliseconds>(now - it->second.said);
}

} // namespace argentum::actors
