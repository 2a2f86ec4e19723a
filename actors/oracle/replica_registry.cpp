// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/replica_registry.hpp"

#include "actors/oracle/lot.hpp"
#include "messages/oracle_limits.hpp"

#include <algorithm>

namespace argentum::actors {

bool replica_registry::enter(const register_replica& what, time_point now) {
  forget(what.who.node);
  if (what.instances.empty()) return true;
  if (size_ + what.instances.size() > limits::registered_replicas_max) return false;
  auto ttl = std::min<std::chrono::milliseconds>(what.ttl, limits::replica_ttl);
  nodes_[what.who.node] = {what.who.address, what.instances, now + ttl};
  for (const auto& instance : what.instances) by_instance_[instance].insert(what.who.node);
  size_ += what.instances.size();
  return true;
}

void replica_registry::expire(time_point now) {
  std::vector<std::string> over;
  for (const auto& [node, row] : nodes_) {
    if (row.until <= now) over.push_back(node);
  }
  for (const auto& node : over) forget(node);
}

std::vector<contact> replica_registry::of(const std::string& instance, const std::string& asker,
                                          std::size_t most) const {
  std::vector<contact> found;
  auto nodes = by_instance_.find(instance);
  if (nodes == by_instance_.end()) return found;
  for (const auto& node : nodes->second) {
    if (node != asker) found.push_back({node, nodes_.at(node).address});
  }
  take_by_lot(found, asker, most);
  return found;
}

void replica_registry::forget(const std::string& node) {
  auto gone = nodes_.extract(node);
  if (gone.empty()) return;
  size_ -= gone.mapped().instances.size();
  for (const auto& instance : gone.mapped().instances) {
    auto nodes = by_instance_.find(instance);
    nodes->second.erase(node);
    if (nodes->second.empty()) by_instance_.erase(nodes);
  }
}

} // namespace argentum::actors
