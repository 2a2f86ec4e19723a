// SPDX-License-Identifier: Apache-2.0
// The sections of a scenario that say where things are: [[size]], [[datacenter]], [rtt], and the distances in
// [network].
#pragma once

#include "apps/config/toml_document.hpp"
#include "apps/sim/scenario.hpp"

namespace argentum::sim {

/// How far apart places are that no [rtt] names.
struct distance_rules {
  double path_factor = default_path_factor;
  double lan_rtt_ms = default_lan_rtt_ms;
};

void read_datacenters(app::toml_document& file, const distance_rules& rules, scenario& all,
                      app::config_report& report);

} // namespace argentum::sim
