// SPDX-License-Identifier: Apache-2.0
// Accepts TCP connections and spreads them over the event loops. It survives running out of file descriptors: it
// pauses and tries again.
#pragma once

#include "apps/net/address.hpp"
#include "apps/net/event_loops.hpp"
#include "messages/error.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>

namespace argentum::net {

class listener : public std::enable_shared_from_this<listener> {
 public:
  /// Called on the listener's loop with a socket that belongs to another one.
  using on_accept = std::function<void(boost::asio::ip::tcp::socket)>;

  /// Resolves and binds (may block: start-up only) and begins to accept. errc::unavailable with a text for people
  /// if the address cannot be used.
  static caf::expected<std::shared_ptr<listener>> open(event_loops& loops, const address& at, on_accept accepted);

  std::uint16_t port() const noexcept { return port_; }
  /// Stops listening. Thread-safe. A connection that is just being accepted may still come out.
  void close();

 private:
  listener(event_loops& loops, on_accept accepted);
  void bind(const address& at);
  void accept();

  event_loops& loops_;
  on_accept accepted_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer retry_;
  std::uint16_t port_ = 0;
};

} // namespace argentum::net
