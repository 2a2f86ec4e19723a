// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/conversation.hpp"

#include <algorithm>
#include <chrono>
#include <poll.h>
#include <stdexcept>
#include <string_view>
#include <sys/socket.h>
#include <vector>

namespace argentum::bench {

void converse(const tcp_socket& socket, const std::string& request, const std::atomic<bool>& stop) {
  constexpr int glance_ms = 10; // how often it looks whether it should stop
  constexpr std::string_view end = "+PONG\r\n";
  auto out = request + "PING\r\n";
  std::size_t sent = 0;
  std::string tail;
  std::vector<char> in(1 << 20);
  while (!stop && !tail.ends_with(end)) {
    short wanted = sent < out.size() ? POLLIN | POLLOUT : POLLIN;
    pollfd ready{socket.fd(), wanted, 0};
    ::poll(&ready, 1, glance_ms);
    if ((ready.revents & POLLOUT) != 0) {
      auto part = ::send(socket.fd(), out.data() + sent, out.size() - sent, MSG_NOSIGNAL);
      sent += part > 0 ? static_cast<std::size_t>(part) : 0;
    }
    if ((ready.revents & (POLLIN | POLLHUP)) == 0) continue;
    auto got = ::recv(socket.fd(), in.data(), in.size(), 0);
    if (got == 0) throw std::runtime_error{"the server hung up on an abuser that it should answer"};
    if (got < 0) continue;
    tail.append(in.data(), static_cast<std::size_t>(got));
    tail.erase(0, tail.size() - std::min(tail.size(), end.size()));
  }
}

} // namespace argentum::bench
