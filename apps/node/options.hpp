// SPDX-License-Identifier: Apache-2.0
// The command line of argentum-node.
#pragma once

#include "apps/config/config_report.hpp"
#include "apps/node/settings.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace argentum::app {

struct options {
  std::string config_path;
  bool check_only = false;

  /// What stands on the command line instead of in the file: TOML key -> flag and value.
  struct override_value {
    std::string key;
    std::string flag;
    std::string value;
  };
  std::vector<override_value> overrides;
};

/// What to do instead of running: print `text` and exit.
struct early_exit {
  int code = 0;
  std::string text; ///< without line end; for stdout if code is 0, else for stderr
};

/// Fills `into`, or says why the process ends here (help, version, wrong flags).
std::optional<early_exit> parse_options(int argc, const char* const* argv, options& into);

/// Puts the overrides into the settings, and says in the report where they came from.
void apply_overrides(const options& given, settings& all, config_report& report);

} // namespace argentum::app
