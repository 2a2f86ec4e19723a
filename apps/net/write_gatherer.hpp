// SPDX-License-Identifier: Apache-2.0
// The writes of one event loop on their way to the sequencers: those of all sessions that the loop serves in one
// round go together, so a message, and perhaps a sleeping thread, is paid for once a round and not once a write.
// Used on its loop only. Sessions bound what is held here (limits::client_write_bytes_max each).
#pragma once

#include "messages/ports.hpp"

#include <boost/asio/io_context.hpp>

#include <vector>

namespace argentum::net {

class write_gatherer final : public boost::asio::execution_context::service {
 public:
  static inline boost::asio::execution_context::id id;
  /// Of the loop; made when it is first asked for.
  static write_gatherer& of(boost::asio::execution_context& loop) {
    return boost::asio::use_service<write_gatherer>(loop);
  }
  explicit write_gatherer(boost::asio::execution_context& loop);

  /// Sent in this order; behind the handlers that the loop is already to run.
  void send(const sequencer_port& to, write_command what);

 private:
  struct batch {
    sequencer_port to;
    std::vector<write_command> writes;
  };

  void shutdown() override { waiting_.clear(); }
  void flush();

  boost::asio::io_context& loop_;
  std::vector<batch> waiting_; ///< by sequencer; few
};

} // namespace argentum::net
