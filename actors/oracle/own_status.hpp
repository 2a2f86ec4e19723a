// SPDX-License-Identifier: Apache-2.0
// How this node's own instances are, as its other actors show it in their metrics.
#pragma once

#include "actors/wake_up.hpp"
#include "messages/metrics.hpp"
#include "messages/oracle.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace argentum::actors {

using metrics_of_instances = std::map<std::string, std::shared_ptr<instance_metrics>>;

/// None: there is no such instance here, or its data are a proxy's, so nobody can follow it.
std::optional<instance_status> own_status(const std::string& instance, const metrics_of_instances& all,
                                          node_role role, time_point now);
std::vector<instance_status> own_statuses(const metrics_of_instances& all, node_role role, time_point now);

} // namespace argentum::actors
