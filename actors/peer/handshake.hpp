// SPDX-License-Identifier: Apache-2.0
// Whether two nodes may talk, judged by the hellos alone.
#pragma once

#include "messages/peer_message.hpp"

#include <optional>
#include <string>

namespace argentum::actors {

/// Why `own` refuses `peer`, in words for the peer's operator; nothing if it is welcome.
std::optional<std::string> objection(const hello& own, const hello& peer);

} // namespace argentum::actors
