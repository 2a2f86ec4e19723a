// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/tree_watch.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace argentum::sim {

namespace {

/// The sink has taken the reply by then, and no heartbeat has shown a circle yet.
constexpr std::chrono::microseconds taken_in{100};

} // namespace

tree_watch::tree_watch(surroundings& around, const std::vector<std::unique_ptr<sim_node>>& nodes)
    : around_(around) {
  for (const auto& each : nodes) nodes_.emplace(each->name(), each.get());
}

void tree_watch::follows(const std::string& node, const std::string& instance) {
  look(node, instance);
  around_.clock.after(taken_in, [this, node, instance] { look(node, instance); });
}

std::string tree_watch::upstream_of(const std::string& node, const std::string& instance) const {
  auto found = nodes_.find(node);
  if (found == nodes_.end() || !found->second->running()) return {};
  const auto& instances = found->second->config().instances;
  auto number = static_cast<std::size_t>(
      std::find_if(instances.begin(), instances.end(), [&](const auto& each) { return each.name == instance; })
      - instances.begin());
  const auto& metrics = *found->second->instance(number).metrics;
  return metrics.upstream_connected.value() != 0 ? metrics.upstream.value() : std::string{};
}

void tree_watch::look(const std::string& node, const std::string& instance) const {
  std::vector<std::string> way{node};
  for (auto up = upstream_of(node, instance); !up.empty(); up = upstream_of(up, instance)) {
    bool circle = std::find(way.begin(), way.end(), up) != way.end();
    way.push_back(up);
    if (circle)
      return around_.judge.blame("no circle", fmt::format("{}: {}", instance, fmt::join(way, " follows ")));
  }
}

} // namespace argentum::sim
