// SPDX-License-Identifier: Apache-2.0
// The seam of what may be lost: production puts a UDP socket behind it, the simulation its virtual network.
#pragma once

#include "messages/oracle.hpp"

#include <functional>

namespace argentum {

/// Called from any thread, never blocks. Datagrams may be lost, doubled, reordered or late; nobody hears of it.
class datagram_transport {
 public:
  virtual ~datagram_transport() = default;
  /// `address` is "host:port"; a name is resolved, and until it is known the datagram is lost.
  virtual void send(const std::string& address, std::string bytes) = 0;
};

/// Where those that arrive are delivered; called from any thread.
using datagram_inbox = std::function<void(datagram)>;

} // namespace argentum
