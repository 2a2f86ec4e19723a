// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/replica_ranks.hpp"

#include "actors/oracle/lot.hpp"
#include "messages/oracle_limits.hpp"

#include <algorithm>
#include <set>

namespace argentum::actors {

namespace {

/// An address stands in one rank only.
void drop_repetitions(std::vector<std::vector<contact>>& ranks) {
  std::set<std::string> seen;
  for (auto& rank : ranks)
    std::erase_if(rank, [&seen](const contact& each) { return !seen.insert(each.address).second; });
}

} // namespace

set_replicas choose_replicas(std::vector<std::vector<contact>> ranks, std::string_view who) {
  drop_repetitions(ranks);
  auto is_empty = [](const auto& rank) { return rank.empty(); };
  auto first = std::find_if_not(ranks.begin(), ranks.end(), is_empty);
  if (first == ranks.end()) return {};
  std::size_t spares = 0;
  for (auto rank = std::next(first); rank != ranks.end(); ++rank) {
    take_by_lot(*rank, who, std::min(limits::pool_spares, limits::pool_replicas_max / 2 - spares));
    spares += rank->size();
  }
  take_by_lot(*first, who, limits::pool_replicas_max - spares);
  set_replicas out;
  for (std::size_t i = 0; i < ranks.size(); ++i)
    for (auto& each : ranks[i]) out.replicas.push_back({std::move(each.address), static_cast<std::uint32_t>(i)});
  return out;
}

} // namespace argentum::actors
