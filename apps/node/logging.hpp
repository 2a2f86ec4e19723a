// SPDX-License-Identifier: Apache-2.0
// Log lines go to stderr, as text or as one JSON object each.
#pragma once

#include "apps/node/settings.hpp"

namespace argentum::app {

/// Replaces spdlog's default logger. Call it once, before the first log line.
void set_up_logging(const log_settings& how);

/// One log line in JSON, for tests too.
std::string json_log_line(std::string_view time, std::string_view level, std::string_view text);

} // namespace argentum::app
