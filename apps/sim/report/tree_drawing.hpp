// SPDX-License-Identifier: Apache-2.0
// Who follows whom, as inline SVG: rows below each other for a small tree, rings around the root for a large one.
// In a very large tree the leaves of one kind, datacenter and upstream are one shape with their number.
#pragma once

#include "apps/sim/report/run_report.hpp"

#include <string>
#include <vector>

namespace argentum::sim {

std::string draw_tree(const std::vector<node_row>& nodes);

} // namespace argentum::sim
