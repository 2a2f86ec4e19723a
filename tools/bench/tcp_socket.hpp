// SPDX-License-Identifier: Apache-2.0
// A TCP connection to a server on this machine.
#pragma once

#include <string>
#include <utility>

namespace argentum::bench {

class tcp_socket {
 public:
  /// Throws if nobody listens there.
  explicit tcp_socket(int port);
  tcp_socket(tcp_socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  tcp_socket& operator=(tcp_socket&&) = delete;
  ~tcp_socket();

  int fd() const noexcept { return fd_; }
  /// Whole, or throws. For sockets that block.
  void send_all(const std::string& bytes);
  /// From now on, nothing waits on this socket.
  void do_not_block();

 private:
  int fd_;
};

/// A port that nobody uses at the moment.
int free_port();

} // namespace argentum::bench
