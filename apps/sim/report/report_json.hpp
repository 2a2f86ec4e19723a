// SPDX-License-Identifier: Apache-2.0
// A report for programs: all that the page shows, as one JSON document.
#pragma once

#include "apps/sim/report/run_report.hpp"

#include <string>

namespace argentum::sim {

/// Units are in the names. Text that is no UTF-8 is replaced where it is not.
std::string report_json(const run_report& report);

} // namespace argentum::sim
