// SPDX-License-Identifier: Apache-2.0
// Datagrams and full states to bytes and back, unsealed. Round trip times travel in microseconds, so a coordinate
// comes out rounded to them. A full state is a list of (varint length | Report), parsed one by one, so that no
// bytes make their receiver hold a multiple of them. Thread-safe.
#pragma once

#include "messages/gossip.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace argentum::wire {

std::string encode(const gossip_message& message);
/// Nothing if a field is out of its range, or the body is of a kind that we do not know.
std::optional<gossip_message> decode_gossip(std::string_view bytes);

std::string encode(const std::vector<member_report>& state);
std::optional<std::vector<member_report>> decode_state(std::string_view bytes);

} // namespace argentum::wire
