// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/upstream_ranking.hpp"

#include "actors/oracle/lot.hpp"
#include "messages/oracle_limits.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>

namespace argentum::actors {

bool is_below(std::string node, const std::string& us, const known_upstreams& known) {
  for (std::size_t hops = 0; hops < limits::path_nodes_max; ++hops) {
    auto found = known.find(node);
    if (found == known.end() || found->second.empty()) return false;
    if (found->second == us) return true;
    node = found->second;
  }
  return false;
}

std::chrono::microseconds upstream_cost(std::chrono::microseconds delay, std::uint32_t depth,
                                        std::chrono::microseconds rtt) {
  return delay + rtt / 2 + rtt / limits::far_link_part + (depth + 1) * limits::hop_cost;
}

bool is_worth_a_move(std::chrono::microseconds current, std::chrono::microseconds better) {
  auto saved = current - better;
  return saved >= limits::hop_cost && saved * limits::upstream_gain_part > current;
}

namespace {

bool hears_root(const upstream_candidate& who, std::chrono::milliseconds stale_after) {
  return who.role == node_role::root || (who.status.news != 0 && who.status.age < stale_after);
}

bool usable(const upstream_candidate& who, const ranking_question& what, const known_upstreams& known) {
  if (who.who.node == what.node || is_below(who.who.node, what.node, known)) return false;
  if (who.who.node == what.current) return true;
  const auto& refusing = what.refusing;
  if (std::find(refusing.begin(), refusing.end(), who.who.address) != refusing.end()) return false;
  bool takes_a_place = what.role != node_role::leaf && who.status.leaves > 0;
  return takes_a_place || who.status.downstreams < who.status.downstreams_max;
}

std::chrono::microseconds cost_of(const upstream_candidate& who, node_role asker) {
  std::chrono::microseconds cost = upstream_cost(who.status.delay, who.status.depth, who.rtt);
  return asker == node_role::leaf && who.role == node_role::root ? cost + limits::root_cost_of_leaves : cost;
}

/// Of the first ones, that are as good as equal.
void spread(std::vector<ranked_upstream>& sorted, const ranking_question& what) {
  auto is_worse = [&](const ranked_upstream& each) {
    const auto& [who, datacenter] = each;
    const auto& first = sorted.front().candidate;
    return is_worth_a_move(who.cost, first.cost)
           || hears_root(who, what.stale_after) != hears_root(first, what.stale_after);
  };
  auto end = std::find_if(sorted.begin(), sorted.end(), is_worse);
  auto order = [&](const ranked_upstream& each) {
    const auto& who = each.candidate;
    bool ours = who.who.node == what.current; // we are one of those who follow it
    return std::tuple{who.status.downstreams - (ours && who.status.downstreams > 0 ? 1 : 0),
                      lot_of(what.node, who.who.address)};
  };
  std::sort(sorted.begin(), end, [&](const auto& a, const auto& b) { return order(a) < order(b); });
}

} // namespace

std::vector<upstream_candidate> rank_upstreams(std::vector<ranked_upstream> found, const ranking_question& what,
                                               const known_upstreams& known) {
  std::erase_if(found, [&](const auto& each) { return !usable(each.candidate, what, known); });
  for (auto& [candidate, datacenter] : found) candidate.cost = cost_of(candidate, what.role);
  auto order = [&](const ranked_upstream& each) {
    const auto& who = each.candidate;
    return std::tuple{!hears_root(who, what.stale_after), who.cost, each.datacenter != what.datacenter,
                      std::string_view{who.who.node}};
  };
  std::sort(found.begin(), found.end(), [&](const auto& a, const auto& b) { return order(a) < order(b); });
  if (what.role == node_role::leaf) spread(found, what);
  std::vector<upstream_candidate> ranked;
  for (auto& each : found) ranked.push_back(std::move(each.candidate));
  return ranked;
}

} // namespace argentum::actors
