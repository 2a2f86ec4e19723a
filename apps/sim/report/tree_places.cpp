// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/report/tree_places.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <utility>

namespace argentum::sim {

namespace {

/// More sizes than this are gathered into powers of two, so that a plot stays readable.
constexpr std::size_t exact_sizes_max = 4;

tree_kind kind_of(const actors::node_config& node) {
  if (node.role == node_role::root) return tree_kind::root;
  if (node.role == node_role::intermediate) return tree_kind::intermediate;
  return node.instances.front().role == instance_role::proxy ? tree_kind::proxy : tree_kind::replica;
}

struct leaf_range {
  std::size_t least = 0;
  std::size_t most = 0;
  friend auto operator<=>(const leaf_range&, const leaf_range&) = default;
};

std::string group_name(tree_kind kind, bool has_datacenters, leaf_range leaves) {
  if (!has_datacenters || kind == tree_kind::root) return plural(kind);
  if (leaves.most == 0) return fmt::format("{}, datacenters without leaves", plural(kind));
  if (leaves.least == leaves.most)
    return fmt::format("{}, datacenters of {} {}", plural(kind), leaves.most, leaves.most == 1 ? "leaf" : "leaves");
  return fmt::format("{}, datacenters of {} to {} leaves", plural(kind), leaves.least, leaves.most);
}

/// By datacenter.
std::map<std::string, leaf_range> sizes_of(const std::vector<actors::node_config>& configs) {
  std::map<std::string, std::size_t> leaves;
  for (const auto& each : configs) leaves[each.datacenter] += each.role == node_role::leaf ? 1 : 0;
  std::set<std::size_t> different;
  for (const auto& [name, count] : leaves) different.insert(count);
  bool exact = different.size() <= exact_sizes_max;
  std::map<std::string, leaf_range> sizes;
  for (const auto& [name, count] : leaves)
    sizes[name] = exact || count == 0 ? leaf_range{count, count}
                                      : leaf_range{std::bit_floor(count), 2 * std::bit_floor(count) - 1};
  return sizes;
}

} // namespace

const char* to_string(tree_kind kind) noexcept {
  static constexpr const char* names[] = {"root", "intermediate", "replica", "proxy"};
  return names[static_cast<std::size_t>(kind)];
}

const char* plural(tree_kind kind) noexcept {
  static constexpr const char* names[] = {"root", "intermediates", "replicas", "proxies"};
  return names[static_cast<std::size_t>(kind)];
}

tree_places::tree_places(const std::vector<actors::node_config>& configs) {
  has_datacenters =
      std::any_of(configs.begin(), configs.end(), [](const auto& c) { return !c.datacenter.empty(); });
  for (const auto& each : configs.front().instances) instances.push_back(each.name);
  auto sizes = sizes_of(configs);
  std::map<std::pair<tree_kind, leaf_range>, std::vector<std::size_t>> members;
  for (const auto& each : configs) {
    auto kind = kind_of(each);
    auto size = has_datacenters && kind != tree_kind::root ? sizes[each.datacenter] : leaf_range{};
    members[{kind, size}].push_back(nodes.size());
    numbers_.emplace(each.name, nodes.size());
    nodes.push_back({each.name, kind, each.datacenter, 0});
  }
  for (const auto& [what, numbers] : members) {
    std::set<std::string> datacenters;
    for (auto number : numbers) {
      nodes[number].group = groups.size();
      datacenters.insert(nodes[number].datacenter);
    }
    groups.push_back({group_name(what.first, has_datacenters, what.second), what.first,
                      has_datacenters ? datacenters.size() : 0, numbers.size()});
  }
}

std::size_t tree_places::find(const std::string& name) const {
  auto found = numbers_.find(name);
  return found == numbers_.end() ? nodes.size() : found->second;
}

} // namespace argentum::sim
