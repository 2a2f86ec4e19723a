// SPDX-License-Identifier: Apache-2.0
// A report for people: one page that needs nothing else, neither scripts nor a network. It is well-formed XML too.
#pragma once

#include "apps/sim/report/run_report.hpp"

#include <string>

namespace argentum::sim {

std::string report_html(const run_report& report);

} // namespace argentum::sim
