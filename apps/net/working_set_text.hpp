// SPDX-License-Identifier: Apache-2.0
// What a node says of its working sets, for /working_set.json.
#pragma once

#include "apps/net/node_status.hpp"

#include <string>

namespace argentum::net {

/// JSON; empty if the node does not sample reads.
std::string working_set_text(const node_picture& node);

} // namespace argentum::net
