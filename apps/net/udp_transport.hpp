// SPDX-License-Identifier: Apache-2.0
// Datagrams between nodes over UDP: one socket on one event loop, at the address of the peer listener. Names are
// resolved in the background and kept for a minute; a datagram to one that is not known yet is lost, as any may be.
#pragma once

#include "apps/net/address.hpp"
#include "apps/net/event_loops.hpp"
#include "messages/datagrams.hpp"
#include "messages/error.hpp"

#include <boost/asio/ip/udp.hpp>

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace argentum::net {

class udp_transport final : public datagram_transport, public std::enable_shared_from_this<udp_transport> {
 public:
  /// The loops must outlive it.
  explicit udp_transport(event_loops& loops);

  /// Binds; may block for a name look-up. The text of an error is for people.
  caf::expected<void> open(const address& at);
  /// Delivers from now on, in the loop's thread.
  void start(datagram_inbox inbox);
  /// 0 before `open`.
  std::uint16_t port() const;
  /// Afterwards the inbox is not called any more, and what is sent is lost.
  void close();

  void send(const std::string& address, std::string bytes) override;

 private:
  using endpoint = boost::asio::ip::udp::endpoint;
  using clock = std::chrono::steady_clock;
  struct known {
    endpoint at;
    clock::time_point until;
  };

  void receive();
  void send_now(const std::string& address, const std::string& bytes);
  void resolve(const std::string& address);

  boost::asio::io_context& loop_;
  boost::asio::ip::udp::socket socket_;
  boost::asio::ip::udp::resolver resolver_;
  std::unordered_map<std::string, known> addresses_; ///< of the loop's thread, as all that has no lock
  std::array<char, 2048> buffer_;
  endpoint sender_;
  std::mutex inbox_mutex_;
  datagram_inbox inbox_;
};

} // namespace argentum::net
