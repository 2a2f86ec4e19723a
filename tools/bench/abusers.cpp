// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/abusers.hpp"

#include "tools/bench/dataset.hpp"
#include "tools/bench/load.hpp"
#include "tools/bench/tcp_socket.hpp"

#include <array>
#include <chrono>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>

namespace argentum::bench {

namespace {

using namespace std::chrono_literals;

constexpr auto glance = 10ms; ///< how often a patient abuser looks whether it should stop
constexpr std::uint64_t many = 200'000;

void wait_for_stop(const std::atomic<bool>& stop) {
  while (!stop) std::this_thread::sleep_for(glance);
}

/// Sends all of it while it reads what comes, up to the answer of a PING behind it.
void converse(const tcp_socket& socket, const std::string& request, const std::atomic<bool>& stop) {
  constexpr std::string_view end = "+PONG\r\n";
  auto out = request + "PING\r\n";
  std::size_t sent = 0;
  std::string tail;
  std::vector<char> in(1 << 20);
  while (!stop && !tail.ends_with(end)) {
    short wanted = sent < out.size() ? POLLIN | POLLOUT : POLLIN;
    pollfd ready{socket.fd(), wanted, 0};
    ::poll(&ready, 1, static_cast<int>(glance.count()));
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

std::string pipeline_of(std::uint64_t count, std::uint32_t keys) {
  std::string out;
  for (std::uint64_t i = 0; i < count; ++i) append_command(out, {"GET", key_of(scattered(i % keys, keys))});
  return out;
}

void deep_pipeline(const abuse_target& target, const std::atomic<bool>& stop) {
  auto request = pipeline_of(100'000, target.keys);
  tcp_socket socket{target.port};
  socket.do_not_block();
  while (!stop) converse(socket, request, stop);
}

void huge_mget(const abuse_target& target, const std::atomic<bool>& stop) {
  auto request = "*" + std::to_string(many + 1) + "\r\n$4\r\nMGET\r\n";
  for (std::uint64_t i = 0; i < many; ++i) {
    auto key = key_of(scattered(i % target.keys, target.keys));
    request += "$" + std::to_string(key.size()) + "\r\n" + key + "\r\n";
  }
  tcp_socket socket{target.port};
  socket.do_not_block();
  while (!stop) converse(socket, request, stop);
}

void idle_clients(const abuse_target& target, const std::atomic<bool>& stop) {
  std::vector<tcp_socket> sockets;
  for (int i = 0; i < target.idle_clients && !stop; ++i) sockets.emplace_back(target.port);
  wait_for_stop(stop);
}

/// A byte of each client's command, then one of the next client's.
void slow_writers(const abuse_target& target, const std::atomic<bool>& stop) {
  constexpr int clients = 500;
  auto request = pipeline_of(1, target.keys);
  std::vector<tcp_socket> sockets;
  for (int i = 0; i < clients; ++i) sockets.emplace_back(target.port).do_not_block();
  std::array<char, 4096> in{};
  for (std::size_t at = 0; !stop; at = (at + 1) % request.size())
    for (auto& each : sockets) {
      ::send(each.fd(), request.data() + at, 1, MSG_NOSIGNAL);
      if (at == 0) ::recv(each.fd(), in.data(), in.size(), 0);
    }
}

/// Connects, says half a command, and resets the connection.
void connection_storm(const abuse_target& target, const std::atomic<bool>& stop) {
  while (!stop) {
    tcp_socket socket{target.port};
    socket.send_all("*2\r\n$3\r\nGET\r\n$10");
    linger reset{1, 0};
    ::setsockopt(socket.fd(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  }
}

void never_reads(const abuse_target& target, const std::atomic<bool>& stop) {
  constexpr int clients = 20;
  auto request = pipeline_of(100'000, target.keys);
  std::vector<tcp_socket> sockets;
  for (int i = 0; i < clients; ++i) sockets.emplace_back(target.port).do_not_block();
  while (!stop) {
    for (auto& each : sockets) ::send(each.fd(), request.data(), request.size(), MSG_NOSIGNAL);
    std::this_thread::sleep_for(glance);
  }
}

/// Half of the values are too large for any server, and half are allowed but never come.
void announced_values(const abuse_target& target, const std::atomic<bool>& stop) {
  constexpr int clients = 200;
  while (!stop) {
    std::vector<tcp_socket> sockets;
    for (int i = 0; i < clients && !stop; ++i) {
      auto size = i % 2 == 0 ? "536870912" : "16777216";
      sockets.emplace_back(target.port).send_all("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$" + std::string{size} + "\r\nabc");
    }
    std::this_thread::sleep_for(glance);
  }
}

} // namespace

const std::vector<abuser>& abusers() {
  static const std::vector<abuser> all{
      {"pipelines of 100,000 GETs", deep_pipeline},
      {"MGETs of 200,000 keys", huge_mget},
      {"idle clients", idle_clients},
      {"500 writers of single bytes", slow_writers},
      {"a storm of connections", connection_storm},
      {"20 clients that never read", never_reads},
      {"announced huge values", announced_values},
  };
  return all;
}

} // namespace argentum::bench
