// SPDX-License-Identifier: Apache-2.0
// Reads a scenario from TOML. Everything wrong is reported with file and line; unknown keys are errors.
#pragma once

#include "apps/config/config_report.hpp"
#include "apps/sim/scenario.hpp"

#include <string>
#include <string_view>

namespace argentum::sim {

/// The scenario's name is the file's, without ".toml".
scenario read_scenario(const std::string& path, app::config_report& report);
scenario parse_scenario(std::string_view text, app::config_report& report);

} // namespace argentum::sim
