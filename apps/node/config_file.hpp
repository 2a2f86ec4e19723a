// SPDX-License-Identifier: Apache-2.0
// The node's TOML file. apps/README.md lists its keys; each is read in exactly one place here.
#pragma once

#include "apps/config/config_report.hpp"
#include "apps/node/settings.hpp"

#include <string>
#include <string_view>

namespace argentum::app {

/// What is wrong with single keys is in the report. Rules between keys are for `check`, after overrides.
settings parse_config(std::string_view text, config_report& report);

/// Adds to the report what problem_of finds, with file and line.
void check(const settings& all, config_report& report);

} // namespace argentum::app
