// SPDX-License-Identifier: Apache-2.0
// The sections of a scenario that make nodes: [[node]], [instances], [limits]; and those of the datacenters.
#pragma once

#include "apps/config/toml_document.hpp"
#include "apps/sim/scenario.hpp"

namespace argentum::sim {

/// After the datacenters were read.
void read_nodes(app::toml_document& file, scenario& all, app::config_report& report);

} // namespace argentum::sim
