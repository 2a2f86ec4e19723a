// SPDX-License-Identifier: Apache-2.0
// A c-ares channel whose sockets and time-outs an event loop looks after. All in the loop's thread but `make`.
#pragma once

#include "messages/error.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <ares.h>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace argentum::net {

class ares_channel : public std::enable_shared_from_this<ares_channel> {
 public:
  /// `servers` as ares_set_servers_ports_csv takes them; none: those of the system. Errors: invalid, unavailable.
  static caf::expected<std::shared_ptr<ares_channel>> make(boost::asio::io_context& loop,
                                                           const std::vector<std::string>& servers);
  ~ares_channel();
  ares_channel(const ares_channel&) = delete;
  ares_channel& operator=(const ares_channel&) = delete;

  boost::asio::io_context& loop() noexcept { return loop_; }
  ares_channeldata* get() noexcept { return channel_; }
  /// To be called after each query was given to the channel.
  void arm();

 private:
  struct watched {
    explicit watched(boost::asio::io_context& loop, int fd) : descriptor(loop, fd) {}
    boost::asio::posix::stream_descriptor descriptor;
    bool read = false, write = false; ///< what c-ares waits for
    bool reading = false, writing = false;
  };

  explicit ares_channel(boost::asio::io_context& loop) : loop_(loop), timer_(loop) {}
  static void on_socket(void* channel, ares_socket_t fd, int readable, int writable);
  void watch(ares_socket_t fd, bool read, bool write);
  void wait(const std::shared_ptr<watched>& which, bool to_write);
  void process(ares_socket_t readable, ares_socket_t writable);

  boost::asio::io_context& loop_;
  boost::asio::steady_timer timer_;
  ares_channeldata* channel_ = nullptr;
  std::map<ares_socket_t, std::shared_ptr<watched>> sockets_;
};

} // namespace argentum::net
