// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/broadcast_queue.hpp"

#include "messages/oracle_limits.hpp"

#include <cmath>

namespace argentum::actors {

namespace {

/// Of those that do not fit, so many are passed over in search of one that does.
constexpr int passed_over_max = 8;

} // namespace

std::size_t transmissions(std::size_t members) noexcept {
  return static_cast<std::size_t>(std::ceil(std::log(static_cast<double>(members)))) + limits::retransmit_extra;
}

void broadcast_queue::add(member_news news) {
  auto node = news.who.node;
  if (auto it = items_.find(node); it != items_.end()) order_.erase({it->second.place, node});
  key place{0, next_age_--};
  order_.emplace(place, node);
  items_.insert_or_assign(std::move(node), item{std::move(news), place});
}

void broadcast_queue::take(std::size_t bytes, std::size_t members, std::vector<member_news>& out) {
  auto most = transmissions(members);
  std::vector<std::pair<key, std::string>> again;
  int passed_over = 0;
  for (auto it = order_.begin(); it != order_.end() && passed_over < passed_over_max;) {
    auto& [news, place] = items_.at(it->second);
    auto size = bytes_at_most(news);
    if (size > bytes) {
      ++passed_over;
      ++it;
      continue;
    }
    bytes -= size;
    out.push_back(news);
    auto node = it->second;
    it = order_.erase(it);
    if (++place.sent < most)
      again.emplace_back(place, std::move(node));
    else
      items_.erase(node);
  }
  order_.insert(again.begin(), again.end());
}

} // namespace argentum::actors
