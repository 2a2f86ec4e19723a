// SPDX-License-Identifier: Apache-2.0
// A client that speaks bytes, so that a test sees exactly what is on the wire.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <sys/socket.h>

namespace argentum::test {

inline std::string resp_command(std::initializer_list<std::string_view> args) {
  auto out = "*" + std::to_string(args.size()) + "\r\n";
  for (auto each : args) out.append("$" + std::to_string(each.size()) + "\r\n").append(each).append("\r\n");
  return out;
}

inline std::string bulk_reply(std::string_view bytes) {
  return "$" + std::to_string(bytes.size()) + "\r\n" + std::string{bytes} + "\r\n";
}

class raw_client {
 public:
  explicit raw_client(std::uint16_t port) {
    socket_.connect({boost::asio::ip::make_address("127.0.0.1"), port});
    timeval patience{10, 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }

  void send(std::string_view bytes) { boost::asio::write(socket_, boost::asio::buffer(bytes)); }
  /// As much as goes out at once.
  std::size_t try_send(std::string_view bytes) {
    auto sent = ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    return sent > 0 ? static_cast<std::size_t>(sent) : 0;
  }

  /// Exactly `size` bytes; fewer if the server hangs up or says nothing for ten seconds.
  std::string receive(std::size_t size) {
    std::string out(size, '\0');
    std::size_t got = 0;
    while (got < size) {
      auto n = ::recv(socket_.native_handle(), out.data() + got, size - got, 0);
      if (n <= 0) break;
      got += static_cast<std::size_t>(n);
    }
    out.resize(got);
    return out;
  }
  /// Up to the end of the connection.
  std::string receive_all() {
    std::string out;
    while (true) {
      auto more = receive(1);
      if (more.empty()) return out;
      out += more;
    }
  }
  std::string receive_line() {
    std::string out;
    while (!out.ends_with("\r\n")) {
      auto more = receive(1);
      if (more.empty()) break;
      out += more;
    }
    return out;
  }
  /// Sends, and receives as many bytes as `expected` has: for comparing with it.
  std::string ask(std::string_view bytes, std::string_view expected) {
    send(bytes);
    return receive(expected.size());
  }
  void finish_sending() { socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send); }
  /// Nothing is there to be read now.
  bool silent() {
    char c = 0;
    return ::recv(socket_.native_handle(), &c, 1, MSG_DONTWAIT | MSG_PEEK) < 0;
  }
  boost::asio::ip::tcp::socket& socket() { return socket_; }

 private:
  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_{context_};
};

/// The check of most cases: what is sent, and the exact bytes that come back.
#define ARGENTUM_CHECK_REPLY(client, bytes, expected)                                                              \
  CHECK_EQ((client).ask((bytes), (expected)), std::string{expected})

} // namespace argentum::test
