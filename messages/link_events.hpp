// SPDX-License-Identifier: Apache-2.0
// What happens to the links between this node and its peers, as the peer router tells the other actors.
#pragma once

#include "messages/error.hpp"
#include "messages/peer_message.hpp"
#include "messages/types.hpp"

#include <string>

namespace argentum {

/// A dialled link said hello and can be used.
struct link_opened {
  link_id link;
  std::string address; ///< as given to want_link
  hello peer;
};

/// A link is gone, or `address` could not be reached (then `link` is 0).
struct link_closed {
  link_id link;
  std::string address; ///< empty for an accepted link
  caf::error reason;
};

/// From the transport to the router.
struct link_accepted {
  link_id link;
  std::string remote; ///< for logs
};
struct link_dialled {
  link_id link;
};
struct link_broken {
  link_id link;
  caf::error reason;
};

/// News of the root, from a sink to the source of the same instance.
struct upstream_news {
  heartbeat news; ///< the path ends with the upstream
};

/// From a sink to that source: the root counts from an earlier number now, so we have no news until there are some
/// of these; nobody who follows us may go by the old ones. Answered when they have been sent away.
struct forget_news {};

} // namespace argentum
