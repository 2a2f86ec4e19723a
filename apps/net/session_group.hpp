// SPDX-License-Identifier: Apache-2.0
// The RESP sessions of one event loop: keeps them alive, sweeps for stalled and for too large ones, hands over
// their sampled reads, drains and closes them. One timer a loop instead of one a session.
#pragma once

#include "apps/net/access_sampler.hpp"
#include "apps/net/resp_session.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace argentum::net {

/// Sessions of all loops of one server, so that it can be bounded and waited for.
class session_count {
 public:
  /// False if `limit` are open.
  bool try_add(std::size_t limit);
  void remove();
  /// True if none is left before the deadline.
  bool wait_for_none(std::chrono::steady_clock::time_point deadline);

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  std::size_t count_ = 0;
};

class session_group : public std::enable_shared_from_this<session_group> {
 public:
  session_group(boost::asio::io_context& context, std::shared_ptr<server_state> server,
                std::shared_ptr<session_count> count, std::size_t groups);

  boost::asio::io_context& context() noexcept { return context_; }

  // From any thread; each takes effect on the loop.
  void start();
  /// The session counts already.
  void add(boost::asio::ip::tcp::socket socket);
  void drain();
  void close();

 private:
  void sweep();
  void drop_largest(std::vector<std::shared_ptr<resp_session>> sessions) const;
  void closed(resp_session& session);

  boost::asio::io_context& context_;
  std::shared_ptr<server_state> server_;
  std::shared_ptr<session_count> count_;
  const std::size_t buffered_max_; ///< this loop's share
  access_sampler accesses_;
  boost::asio::steady_timer timer_;
  std::unordered_map<const resp_session*, std::shared_ptr<resp_session>> sessions_;
  bool ending_ = false;
};

} // namespace argentum::net
