// SPDX-License-Identifier: Apache-2.0
#include "actors/peer/link_table.hpp"

#include "messages/limits.hpp"

#include <algorithm>
#include <utility>

namespace argentum::actors {

void link_table::dial(link_id link, std::string address, time_point now) {
  link_row row;
  row.phase = link_phase::dialling;
  row.address = address;
  row.since = now;
  rows_.emplace(link, std::move(row));
  by_address_[std::move(address)] = link;
}

bool link_table::accept(link_id link, std::string remote, time_point now) {
  if (accepted_ >= limits::links_max) return false;
  link_row row;
  row.remote = std::move(remote);
  row.since = now;
  if (rows_.emplace(link, std::move(row)).second) ++accepted_;
  return true;
}

bool link_table::connected(link_id link) {
  auto it = rows_.find(link);
  if (it == rows_.end() || it->second.phase != link_phase::dialling) return false;
  it->second.phase = link_phase::greeting;
  return true;
}

bool link_table::open(link_id link, hello peer, time_point now) {
  auto it = rows_.find(link);
  if (it == rows_.end() || it->second.phase != link_phase::greeting) return false;
  it->second.phase = link_phase::open;
  it->second.peer = std::move(peer);
  it->second.heard = now;
  return true;
}

void link_table::heard(link_id link, std::uint64_t passed, time_point now) {
  auto it = rows_.find(link);
  if (it == rows_.end()) return;
  it->second.passed = passed;
  it->second.heard = now;
}

bool link_table::close(link_id link) {
  auto it = rows_.find(link);
  if (it == rows_.end() || it->second.phase == link_phase::closing) return false;
  it->second.phase = link_phase::closing;
  if (auto at = by_address_.find(it->second.address); at != by_address_.end() && at->second == link) {
    by_address_.erase(at);
  }
  return true;
}

std::optional<link_row> link_table::forget(link_id link) {
  auto it = rows_.find(link);
  if (it == rows_.end()) return std::nullopt;
  link_row row = it->second;
  close(link);
  if (!row.dialled()) --accepted_;
  rows_.erase(link);
  return row;
}

const link_row* link_table::find(link_id link) const {
  auto it = rows_.find(link);
  return it == rows_.end() ? nullptr : &it->second;
}

std::optional<link_id> link_table::to(const std::string& address) const {
  auto it = by_address_.find(address);
  if (it == by_address_.end()) return std::nullopt;
  return it->second;
}

std::size_t link_table::open_count() const noexcept {
  return static_cast<std::size_t>(
      std::count_if(rows_.begin(), rows_.end(), [](const auto& r) { return r.second.phase == link_phase::open; }));
}

std::vector<link_id> link_table::in_phase(link_phase phase) const {
  std::vector<link_id> found;
  for (const auto& [link, row] : rows_) {
    if (row.phase == phase) found.push_back(link);
  }
  return found;
}

std::vector<link_id> link_table::late(time_point now) const {
  std::vector<link_id> found;
  for (const auto& [link, row] : rows_) {
    bool starting = row.phase == link_phase::dialling || row.phase == link_phase::greeting;
    if (starting && now - row.since >= limits::hello_timeout) found.push_back(link);
  }
  return found;
}

std::vector<link_id> link_table::silent(time_point now) const {
  std::vector<link_id> found;
  for (const auto& [link, row] : rows_) {
    if (row.phase == link_phase::open && now - row.heard >= limits::link_silence_max) found.push_back(link);
  }
  return found;
}

} // namespace argentum::actors
