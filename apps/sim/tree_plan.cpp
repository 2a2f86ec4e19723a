// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/tree_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace argentum::sim {

namespace {

/// Names of nodes, by the number of their datacenter.
using names_by_place = std::vector<std::vector<std::string>>;

class planter {
 public:
  planter(const std::vector<datacenter>& places, const rtt_table& rtt, const std::vector<actors::node_config>& old);
  /// A datacenter's nodes of that kind, appended.
  void plant(std::size_t place, node_kind kind, const node_maker& make,
             std::vector<actors::node_config>& nodes) const;

 private:
  std::vector<std::string> upstreams_of(std::size_t place, node_kind kind, std::uint64_t turn) const;
  /// The nearest of them; those of one datacenter begin with number `turn`.
  std::vector<std::string> nearest(std::size_t from, const names_by_place& of, std::uint64_t turn, std::size_t most,
                                   std::size_t most_each, const std::string& size = {}) const;

  const std::vector<datacenter>& places_;
  std::string root_;
  std::vector<std::vector<std::size_t>> by_distance_;
  names_by_place intermediates_;
  names_by_place replicas_;
};

std::vector<std::string> names_in(const datacenter& place, node_kind kind) {
  auto [word, count] = kind == node_kind::intermediate ? std::pair{"mid", place.intermediates}
                       : kind == node_kind::replica    ? std::pair{"replica", place.replicas}
                                                       : std::pair{"proxy", place.proxies};
  std::vector<std::string> names;
  for (std::uint64_t n = 1; n <= count; ++n) names.push_back(fmt::format("{}-{}-{}", place.name, word, n));
  return names;
}

planter::planter(const std::vector<datacenter>& places, const rtt_table& rtt,
                 const std::vector<actors::node_config>& old)
    : places_(places), root_(old.front().name) {
  for (std::size_t n = 0; n < places.size(); ++n) {
    by_distance_.push_back(rtt.by_distance(n));
    intermediates_.push_back(names_in(places[n], node_kind::intermediate));
    replicas_.push_back(names_in(places[n], node_kind::replica));
    for (const auto& node : old) {
      if (node.datacenter != places[n].name) continue;
      if (node.role == node_role::intermediate) intermediates_[n].push_back(node.name);
      if (node.role == node_role::leaf && node.instances.front().role == instance_role::replica)
        replicas_[n].push_back(node.name);
    }
  }
}

void planter::plant(std::size_t place, node_kind kind, const node_maker& make,
                    std::vector<actors::node_config>& nodes) const {
  std::uint64_t turn = 0;
  for (const auto& name : names_in(places_[place], kind)) {
    auto& node = nodes.emplace_back(make(name, kind));
    node.datacenter = places_[place].name;
    node.upstreams = upstreams_of(place, kind, turn);
    auto own = replicas_[place].size();
    if (kind == node_kind::proxy)
      node.replicas = nearest(place, replicas_, turn, std::max(replicas_known, own), std::max(replicas_known, own));
    ++turn;
  }
}

std::vector<std::string> planter::upstreams_of(std::size_t place, node_kind kind, std::uint64_t turn) const {
  bool middle = kind == node_kind::intermediate;
  const auto& follows = places_[place].follows;
  if (middle && follows == "root") return {root_};
  auto found = nearest(place, intermediates_, turn, upstreams_known, upstreams_each, middle ? follows : "");
  return found.empty() ? std::vector{root_} : found;
}

std::vector<std::string> planter::nearest(std::size_t from, const names_by_place& of, std::uint64_t turn,
                                          std::size_t most, std::size_t most_each, const std::string& size) const {
  std::vector<std::string> found;
  for (auto place : by_distance_[from]) {
    if (!size.empty() && places_[place].size != size) continue;
    const auto& names = of[place];
    auto count = std::min({names.size(), most_each, most - found.size()});
    for (std::size_t n = 0; n < count; ++n) found.push_back(names[(turn + n) % names.size()]);
  }
  return found;
}

} // namespace

void plant_datacenters(const std::vector<datacenter>& places, const rtt_table& rtt, const node_maker& make,
                       std::vector<actors::node_config>& nodes) {
  planter rules{places, rtt, nodes};
  for (auto kind : {node_kind::intermediate, node_kind::replica, node_kind::proxy})
    for (std::size_t n = 0; n < places.size(); ++n) rules.plant(n, kind, make, nodes);
}

} // namespace argentum::sim
