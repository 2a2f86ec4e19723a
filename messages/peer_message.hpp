// SPDX-License-Identifier: Apache-2.0
// Everything that may cross the network between two nodes. To add a message: its struct, an arm here, an arm in
// wire/peer.proto, two functions in wire/codec.cpp and a round-trip case; the compiler finds the missing one.
#pragma once

#include "messages/admin.hpp"
#include "messages/lookup.hpp"
#include "messages/oracle.hpp"
#include "messages/replication.hpp"

#include <string>
#include <variant>

namespace argentum {

inline constexpr std::uint32_t protocol_min = 1;
inline constexpr std::uint32_t protocol_max = 1;

/// First message of both sides of a link.
struct hello {
  std::uint32_t protocol_min = argentum::protocol_min;
  std::uint32_t protocol_max = argentum::protocol_max;
  std::string node;          ///< name from the config, unique in the deployment
  std::uint64_t process = 0; ///< random per process: a node that meets its own is talking to itself
  node_role role = node_role::leaf;
  std::string datacenter;
  bool zstd = true; ///< can decompress
  friend bool operator==(const hello&, const hello&) = default;
};

/// Why a link is about to be closed by the sender; the last message on it.
struct goodbye {
  std::string reason;
  friend bool operator==(const goodbye&, const goodbye&) = default;
};

/// Keeps an idle link alive and proves that the peer's process runs.
struct ping {
  std::uint64_t token = 0;
  friend bool operator==(const ping&, const ping&) = default;
};
struct pong {
  std::uint64_t token = 0;
  friend bool operator==(const pong&, const pong&) = default;
};

/// A kind that this build does not know, sent by a newer peer: counted and ignored.
struct unknown_message {
  friend bool operator==(const unknown_message&, const unknown_message&) = default;
};

using peer_body =
    std::variant<hello, goodbye, ping, pong, subscribe_request, subscribe_reply, entry_batch, replication_ack,
                 credit_grant, heartbeat, snapshot_request, snapshot_wait, snapshot_begin, snapshot_chunk,
                 lookup_request, lookup_response, unsubscribe, gossip_state, nearest_request, nearest_reply,
                 register_replica, admin_request, admin_cancel, admin_reply, unknown_message>;

struct peer_message {
  std::string instance; ///< empty for messages about links and nodes
  peer_body body;
};

} // namespace argentum
