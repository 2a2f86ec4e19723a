// SPDX-License-Identifier: Apache-2.0
// The network seam: production puts Asio behind it, the simulation its virtual network. Both classes are called
// from any thread and never block.
#pragma once

#include "messages/link_events.hpp"
#include "messages/peer_message.hpp"

namespace argentum {

/// Inward: implemented by actors/peer. Messages about an instance go straight to that instance's actors.
/// Messages of one link arrive in the order sent.
class peer_inbox {
 public:
  virtual ~peer_inbox() = default;
  virtual void accepted(link_accepted event) = 0;
  virtual void dialled(link_dialled event) = 0;
  virtual void broken(link_broken event) = 0;
  virtual void received(link_id link, peer_message message) = 0;
};

/// Outward. A link that breaks, for whatever reason, is reported by exactly one `broken`.
class peer_transport {
 public:
  virtual ~peer_transport() = default;
  /// A link id that nobody has.
  virtual link_id new_link() = 0;
  /// Connects to "host:port"; answered by `dialled` or `broken`.
  virtual void dial(link_id link, std::string address) = 0;
  /// Queues a message. A link whose unsent bytes pass limits::link_outbox_bytes_max is broken (overloaded).
  virtual void send(link_id link, peer_message message) = 0;
  /// Whether payloads to this peer may be compressed (its hello said so). Default: no.
  virtual void allow_compression(link_id link) = 0;
  /// Sends what is queued, as far as the peer takes it, and closes. Reported as `broken` too.
  virtual void hang_up(link_id link, caf::error reason) = 0;
};

} // namespace argentum
