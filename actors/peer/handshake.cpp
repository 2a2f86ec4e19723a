// SPDX-License-Identifier: Apache-2.0
#include "actors/peer/handshake.hpp"

#include "messages/names.hpp"

namespace argentum::actors {

namespace {

std::string protocols(const hello& h) {
  return std::to_string(h.protocol_min) + " to " + std::to_string(h.protocol_max);
}

} // namespace

std::optional<std::string> objection(const hello& own, const hello& peer) {
  if (peer.protocol_max < own.protocol_min || own.protocol_max < peer.protocol_min) {
    return "no common protocol: " + own.node + " speaks " + protocols(own) + ", the peer " + protocols(peer);
  }
  if (peer.process == own.process) return "node " + own.node + " was connected to itself";
  if (!is_name(peer.node)) return "the peer gave no proper node name";
  if (peer.node == own.node) return "two nodes have the name " + own.node;
  return std::nullopt;
}

} // namespace argentum::actors
