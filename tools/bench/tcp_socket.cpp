// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/tcp_socket.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace argentum::bench {

namespace {

sockaddr_in loopback(int port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(static_cast<std::uint16_t>(port));
  out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return out;
}

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error{what + ": " + std::strerror(errno)};
}

} // namespace

tcp_socket::tcp_socket(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (fd_ < 0) fail("open a socket");
  auto address = loopback(port);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    int why = errno;
    ::close(fd_);
    errno = why;
    fail("connect to port " + std::to_string(port));
  }
  int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

tcp_socket::~tcp_socket() {
  if (fd_ >= 0) ::close(fd_);
}

void tcp_socket::send_all(const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    auto part = ::send(fd_, bytes.data() + sent, bytes.size() - sent, 0);
    if (part <= 0) fail("send");
    sent += static_cast<std::size_t>(part);
  }
}

void tcp_socket::do_not_block() {
  ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) | O_NONBLOCK);
}

int free_port() {
  int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  socklen_t size = sizeof address;
  bool bound = ::bind(probe, reinterpret_cast<sockaddr*>(&address), size) == 0
               && ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(probe);
  if (!bound) fail("find a free port");
  return ntohs(address.sin_port);
}

} // namespace argentum::bench
