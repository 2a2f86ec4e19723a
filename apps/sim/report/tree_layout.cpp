// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/report/tree_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace argentum::sim {

namespace {

/// Between the followers of different nodes.
constexpr double space = 0.6;

std::string title_of(const node_row& node) {
  auto text = fmt::format("{}, {}", node.what.name, to_string(node.what.kind));
  if (!node.what.datacenter.empty()) text += " in " + node.what.datacenter;
  if (!node.upstream.empty()) text += fmt::format(", follows {}, depth {}", node.upstream, node.depth);
  return node.serves ? text : text + ", down";
}

std::string title_of(const tree_shape& shape, const std::string& datacenter) {
  auto text = fmt::format("{} {}", shape.count, plural(shape.kind));
  return datacenter.empty() ? text : text + " in " + datacenter;
}

} // namespace

tree_layout::tree_layout(const std::vector<node_row>& nodes) {
  add_shapes(nodes);
  std::vector<std::vector<std::size_t>> followers(shapes.size());
  for (std::size_t n = 1; n < shapes.size(); ++n)
    if (shapes[n].parent != tree_shape::nobody) {
      followers[shapes[n].parent].push_back(n);
      shapes[shapes[n].parent].has_followers = true;
    }
  place(0, 0, followers);
  for (std::size_t n = 1; n < shapes.size(); ++n) // whoever has no way to the root stands alone
    if (shapes[n].depth == 0) {
      shapes[n].parent = tree_shape::nobody;
      place(n, 1, followers);
    }
}

void tree_layout::add_shapes(const std::vector<node_row>& nodes) {
  auto leaves =
      std::count_if(nodes.begin(), nodes.end(), [](const auto& n) { return n.what.kind >= tree_kind::replica; });
  bool together = static_cast<std::size_t>(leaves) > single_leaves_max;
  std::map<std::string, std::size_t> shape_of;
  for (const auto& node : nodes) {
    if (together && node.what.kind >= tree_kind::replica) continue;
    shape_of[node.what.name] = shapes.size();
    tree_shape shape;
    shape.label = node.what.name;
    shape.title = title_of(node);
    shape.kind = node.what.kind;
    shape.down = node.serves ? 0 : 1;
    shapes.push_back(std::move(shape));
  }
  std::map<std::tuple<std::string, std::string, tree_kind>, std::size_t> heaps;
  for (const auto& node : nodes) {
    auto upstream = shape_of.find(node.upstream);
    auto parent = upstream == shape_of.end() ? tree_shape::nobody : upstream->second;
    if (auto own = shape_of.find(node.what.name); own != shape_of.end()) {
      shapes[own->second].parent = own->second == 0 ? tree_shape::nobody : parent;
      continue;
    }
    auto [heap, fresh] = heaps.try_emplace({node.upstream, node.what.datacenter, node.what.kind}, shapes.size());
    if (fresh) {
      shapes.emplace_back().kind = node.what.kind;
      shapes.back().parent = parent;
      shapes.back().count = 0;
    }
    auto& shape = shapes[heap->second];
    ++shape.count;
    shape.down += node.serves ? 0 : 1;
    shape.label = std::to_string(shape.count);
    shape.title = title_of(shape, node.what.datacenter);
  }
}

void tree_layout::place(std::size_t shape, std::size_t at_depth,
                        const std::vector<std::vector<std::size_t>>& followers) {
  auto& at = shapes[shape];
  at.depth = at_depth;
  depth = std::max(depth, at_depth);
  std::vector<std::size_t> below;
  for (auto each : followers[shape])
    if (each != 0 && shapes[each].depth == 0) below.push_back(each);
  if (below.empty()) {
    at.slot = slots;
    slots += 1;
    return;
  }
  for (auto each : below) place(each, at_depth + 1, followers);
  at.slot = (shapes[below.front()].slot + shapes[below.back()].slot) / 2;
  if (at_depth > 0) slots += space;
}

} // namespace argentum::sim
