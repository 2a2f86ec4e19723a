// SPDX-License-Identifier: Apache-2.0
// One link to a peer: a socket on one event loop. Messages are encoded by the thread that sends them, which writes
// small ones itself if no write is under way; all others wait in the outbox and are written by the loop. Nothing
// waits for a timer or for a batch.
// Bytes are read, checked and decoded on the loop and go straight to the inbox; what is buffered is one frame.
//
// Life: dial or accept -> open -> (hang_up: last frames out, no more taken in) -> finished, reported once.
#pragma once

#include "apps/net/outbox.hpp"
#include "messages/metrics.hpp"
#include "messages/transport.hpp"
#include "messages/wire/frame.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace argentum::net {

/// "host:port" of the other end.
std::string remote_name(const boost::asio::ip::tcp::socket& socket);

/// What a session tells the world.
struct session_owner {
  std::shared_ptr<peer_inbox> inbox;
  std::shared_ptr<node_metrics> metrics;
  std::function<void()> finished; ///< after `broken` was reported
};

/// All methods are thread-safe and return at once.
class peer_session : public std::enable_shared_from_this<peer_session> {
 public:
  /// `remote` is the "host:port" to dial, or who was accepted.
  peer_session(boost::asio::ip::tcp::socket socket, link_id link, std::string remote, session_owner owner);

  /// One of the two, once. Ends in `dialled`, `accepted` or `broken`.
  void dial();
  void accept();

  void send(const peer_message& message);
  void allow_compression() noexcept { compress_.store(true, std::memory_order_relaxed); }
  void hang_up(caf::error reason);
  /// Closes without sending what is queued, unless it is being hung up already.
  void drop(caf::error reason);

 private:
  using error_code = boost::system::error_code;

  void end(caf::error reason);
  bool sent_at_once(std::string& frame); // under mutex_, while it is neither closing nor busy

  // on the loop
  void greet();
  void resolve();
  void connect(const boost::asio::ip::tcp::resolver::results_type& found);
  void open();
  void read();
  void take_in(std::size_t bytes);
  bool deliver(std::string_view payload);
  void flush();
  void leave(caf::error reason);
  void shut();
  void finish(caf::error reason);
  void finish_corrupt(const char* what);
  void on_loop(void (peer_session::*step)());
  caf::error failure(errc code, const error_code& why) const;

  // set at birth
  boost::asio::ip::tcp::socket socket_;
  const link_id link_;
  const std::string remote_;
  session_owner owner_;
  std::atomic<bool> compress_{false};

  // of the loop
  boost::asio::ip::tcp::resolver resolver_;
  boost::asio::steady_timer timer_; // of the dial, later of the hang-up
  wire::frame_reader reader_;
  std::vector<std::string> writing_;
  bool open_ = false;
  bool leaving_ = false;
  bool finished_ = false;
  caf::error leave_reason_;

  // of all threads
  std::mutex mutex_;
  outbox outbox_;
  bool closing_ = false; // takes no more messages
  bool busy_ = true;     // someone is about to look into the outbox: the dial, a posted flush, or a write
};

} // namespace argentum::net
