// SPDX-License-Identifier: Apache-2.0
// The network between nodes over TCP: a listener and one peer_session per link, spread over the event loops. The
// node's inbox comes later than the transport (each needs the other), so dials wait for `attach`.
//
//   auto transport = std::make_shared<tcp_peer_transport>(loops);
//   auto node = actors::node::start(system, config, {.transport = transport, ...});
//   transport->open(address);
//   transport->attach(node->inbox(), node->metrics());
//   transport->listen();
//   ... node->stop(), transport->close(), loops.stop()
//
// Counts links_overloaded, links_refused (too many) and frames_corrupt; what becomes of a link is counted by the
// peer router.
#pragma once

#include "apps/net/address.hpp"
#include "apps/net/event_loops.hpp"
#include "apps/net/listener.hpp"
#include "messages/metrics.hpp"
#include "messages/transport.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <memory>
#include <string>

namespace argentum::net {

class tcp_peer_transport final : public peer_transport {
 public:
  /// The loops must outlive the transport.
  explicit tcp_peer_transport(event_loops& loops);
  ~tcp_peer_transport() override;

  /// Where everything is reported and counted; once, before `listen`. Dials made before start now.
  void attach(std::shared_ptr<peer_inbox> inbox, std::shared_ptr<node_metrics> metrics);
  /// Takes the address. May block for a name lookup.
  caf::expected<void> open(const address& at);
  /// Accepts links from now on; after `open`.
  void listen();
  /// Of the listener; 0 before `open`.
  std::uint16_t port() const noexcept;
  /// Stops listening and breaks all links (unavailable); those that are hung up already may still get their last
  /// messages out. Afterwards the inbox is not called any more. Blocks until then, limits::hang_up_flush at most:
  /// not for the threads of the loops, and before they stop.
  void close();

  link_id new_link() override;
  void dial(link_id link, std::string address) override;
  void send(link_id link, peer_message message) override;
  void allow_compression(link_id link) override;
  void hang_up(link_id link, caf::error reason) override;

 private:
  struct links;
  void when_attached(std::function<void()> call);

  event_loops& loops_;
  std::shared_ptr<links> links_;
  std::shared_ptr<listener> listener_;
};

} // namespace argentum::net
