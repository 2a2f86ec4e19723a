// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/replica_ranks.hpp"

#include "actors/oracle/lot.hpp"
#include "messages/oracle_limits.hpp"

#include <algorithm>
#include <set>

namespace argentum::actors {

namespace {

/// An address stands in one rank only; ranks without any are left out.
std::vector<std::vector<contact>> without_repetition(std::vector<std::vector<contact>> ranks) {
  std::set<std::string> seen;
  for (auto& rank : ranks)
    std::erase_if(rank, [&seen](const contact& each) { return !seen.insert(each.address).second; });
  std::erase_if(ranks, [](const auto& rank) { return rank.empty(); });
  return ranks;
}

} // namespace

set_replicas choose_replicas(std::vector<std::vector<contact>> ranks, std::string_view who) {
  ranks = without_repetition(std::move(ranks));
  std::size_t spares = 0;
  for (std::size_t i = 1; i < ranks.size(); ++i) {
    auto room = limits::pool_replicas_max / 2 - spares;
    take_by_lot(ranks[i], who, std::min(limits::pool_spares, room));
    spares += ranks[i].size();
  }
  if (!ranks.empty()) take_by_lot(ranks.front(), who, limits::pool_replicas_max - spares);
  set_replicas out;
  for (std::size_t i = 0; i < ranks.size(); ++i)
    for (auto& each : ranks[i]) out.replicas.push_back({std::move(each.address), static_cast<std::uint32_t>(i)});
  return out;
}

} // namespace argentum::actors
