// SPDX-License-Identifier: Apache-2.0
// What a root or intermediate knows of all others, for /oracle.json.
#pragma once

#include "messages/oracle_report.hpp"

#include <string>

namespace argentum::net {

std::string oracle_text(const oracle_report& known);

} // namespace argentum::net
