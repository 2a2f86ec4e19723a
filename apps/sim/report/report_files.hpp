// SPDX-License-Identifier: Apache-2.0
// A report on disk: report.html and report.json.
#pragma once

#include "apps/sim/report/run_report.hpp"

#include <string>

namespace argentum::sim {

/// Returns the path of the page; throws std::runtime_error if the directory, which must exist, takes no files.
std::string write_report(const run_report& report, const std::string& directory);

} // namespace argentum::sim
