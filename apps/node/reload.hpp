// SPDX-License-Identifier: Apache-2.0
// What a running node takes over when its config file has changed: the roles of instances, and nothing else. All
// other keys are compared as they are written, so that nobody believes in a value that the node does not use.
#pragma once

#include "apps/config/config_report.hpp"
#include "apps/node/options.hpp"
#include "apps/node/settings.hpp"

#include <map>
#include <string>

namespace argentum::app {

/// What is written in a config, by names such as "limits.key_max" and "instance dns: log_age".
struct config_key {
  std::string value;
  std::string place; ///< as the report knows it
};
using config_keys = std::map<std::string, config_key>;

struct loaded_config {
  settings all;
  config_keys keys;
};

/// The file, with what the command line says instead, checked; what is wrong is in the report.
loaded_config load_config(const options& given, config_report& report);

/// Reports every key but the roles of instances that is not as it was.
void refuse_changes(const config_keys& before, const config_keys& now, config_report& report);

} // namespace argentum::app
