// SPDX-License-Identifier: Apache-2.0
// What proves that a datagram or a full state comes from a node of ours: HMAC-SHA256 (RFC 2104) with a key that all
// share, cut to 16 bytes.
//
//   u8 magic | u8 version | u8 content | u8 seal | payload | tag of all before it (only if seal = hmac)
//
// content: 1 a datagram, 2 a full state, so that one never passes for the other. With keys, only what one of them
// has signed is opened; the first signs, so a key is changed by adding the new one behind, then putting it first,
// then taking the old one out, each on all nodes. Without keys nothing is signed, and nothing signed is opened.
// A replay changes nothing: members say newer things with higher incarnations, answers carry their question's
// token.
#pragma once

#include "messages/gossip.hpp"

#include <string>
#include <vector>

namespace argentum::wire {

/// Keys are any bytes, 16 at least; they appear in no log and no error.
gossip_form make_gossip_form(std::vector<std::string> keys);

} // namespace argentum::wire
