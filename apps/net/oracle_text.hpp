// SPDX-License-Identifier: Apache-2.0
// What a node's oracle knows of others, for /oracle.json.
#pragma once

#include "messages/oracle_report.hpp"

#include <string>

namespace argentum::net {

std::string oracle_text(const oracle_knowledge& known);

} // namespace argentum::net
