// SPDX-License-Identifier: Apache-2.0
// Accepts TCP connections and spreads them over event loops: peers, clients and HTTP alike. It survives running out
// of file descriptors: it pauses and tries again.
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
  /// Called on the first loop with a socket of loop number `loop`.
  using on_accept = std::function<void(boost::asio::ip::tcp::socket, std::size_t loop)>;

  /// Resolves and binds (may block: start-up only); accepts nothing before `start`. Sockets go to the first
  /// `spread` loops in turn. The text of an error is for people: errc::invalid if the host cannot be resolved,
  /// errc::unavailable if the address cannot be used.
  static caf::expected<std::shared_ptr<listener>> open(event_loops& loops, std::size_t spread, const address& at);

  /// Begins to accept. `accepted` lives until the listener has closed. Thread-safe.
  void start(on_accept accepted);

  std::uint16_t port() const noexcept { return port_; }
  /// Stops listening. Thread-safe. A connection that is just being accepted may still come out.
  void close();

 private:
  listener(event_loops& loops, std::size_t spread);
  boost::system::error_code bind(const boost::asio::ip::tcp::endpoint& at);
  void accept();

  event_loops& loops_;
  const std::size_t spread_;
  std::size_t turn_ = 0;
  on_accept accepted_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer retry_;
  std::uint16_t port_ = 0;
};

} // namespace argentum::net
