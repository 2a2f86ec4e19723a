// SPDX-License-Identifier: Apache-2.0
// Who follows whom, and who asks whom, in a world of datacenters: everyone the nearest, those of its own datacenter
// first. Intermediates follow the root or the nearest intermediates of a larger size, leaves the nearest
// intermediates, proxies ask the nearest replicas. Neighbours in a datacenter start with different ones.
#pragma once

#include "actors/node/node_config.hpp"
#include "apps/sim/rtt_table.hpp"

#include <functional>
#include <string>
#include <vector>

namespace argentum::sim {

enum class node_kind { root, intermediate, replica, proxy };

/// How many upstreams a node knows: one to follow, and others for the case that it or its datacenter is lost.
inline constexpr std::size_t upstreams_known = 3;
inline constexpr std::size_t upstreams_each = 2; ///< of these in one datacenter
/// How many replicas a proxy knows, beyond those of its own datacenter too if that has fewer.
inline constexpr std::size_t replicas_known = 4;

/// Makes a node without upstreams and replicas.
using node_maker = std::function<actors::node_config(std::string name, node_kind kind)>;

/// Appends the nodes of all datacenters. `nodes` has the others, the root first; those of them that stand in a
/// datacenter are followed and asked as well.
void plant_datacenters(const std::vector<datacenter>& places, const rtt_table& rtt, const node_maker& make,
                       std::vector<actors::node_config>& nodes);

} // namespace argentum::sim
