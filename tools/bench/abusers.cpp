// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/abusers.hpp"

#include "tools/bench/conversation.hpp"
#include "tools/bench/dataset.hpp"
#include "tools/bench/load.hpp"
#include "tools/bench/tcp_socket.hpp"

#include <array>
#include <chrono>
#include <sys/socket.h>
#include <thread>

namespace argentum::bench {

namespace {

using namespace std::chrono_literals;

constexpr auto glance = 10ms; ///< how often a patient abuser looks whether it should stop
constexpr std::uint64_t many = 200'000;
constexpr std::uint64_t huge_keys = 100'000;

void wait_for_stop(const std::atomic<bool>& stop) {
  while (!stop) std::this_thread::sleep_for(glance);
}

std::string pipeline_of(std::uint64_t count, std::uint32_t keys) {
  std::string out;
  for (std::uint64_t i = 0; i < count; ++i) append_command(out, {"GET", key_of(scattered(i % keys, keys))});
  return out;
}

void repeat(int port, const std::string& request, const std::atomic<bool>& stop) {
  tcp_socket socket{port};
  socket.do_not_block();
  while (!stop) converse(socket, request, stop);
}

/// Of keys beside those of the data.
std::string huge_command(const std::string& name, std::uint64_t first, std::uint64_t keys, bool values) {
  auto words = 1 + keys * (values ? 2 : 1);
  auto out = "*" + std::to_string(words) + "\r\n$" + std::to_string(name.size()) + "\r\n" + name + "\r\n";
  for (auto n = first; n < first + keys; ++n) {
    auto key = "huge:" + key_of(n);
    out += "$" + std::to_string(key.size()) + "\r\n" + key + "\r\n";
    if (values) out += "$5\r\nvalue\r\n";
  }
  return out;
}

void deep_pipeline(const abuse_target& target, const std::atomic<bool>& stop) {
  repeat(target.port, pipeline_of(100'000, target.keys), stop);
}

void huge_mget(const abuse_target& target, const std::atomic<bool>& stop) {
  auto request = "*" + std::to_string(many + 1) + "\r\n$4\r\nMGET\r\n";
  for (std::uint64_t i = 0; i < many; ++i) {
    auto key = key_of(scattered(i % target.keys, target.keys));
    request += "$" + std::to_string(key.size()) + "\r\n" + key + "\r\n";
  }
  repeat(target.port, request, stop);
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

/// DELs of keys that nobody else reads, after the MSETs that make them.
void huge_writes(const abuse_target& target, const std::atomic<bool>& stop) {
  repeat(target.port, huge_command("MSET", 0, huge_keys, true) + huge_command("DEL", 0, huge_keys, false), stop);
}

void huge_transactions(const abuse_target& target, const std::atomic<bool>& stop) {
  std::string request = "MULTI\r\n";
  constexpr std::uint64_t part = 1000;
  for (std::uint64_t first = 0; first < huge_keys; first += part)
    request += huge_command("MSET", first, part, true);
  repeat(target.port, request + "EXEC\r\n" + huge_command("DEL", 0, huge_keys, false), stop);
}

void huge_values(const abuse_target& target, const std::atomic<bool>& stop) {
  std::string request;
  append_command(request, {"SET", "huge", std::string(16 << 20, 'x')});
  append_command(request, {"GET", "huge"});
  repeat(target.port, request, stop);
}

void client_lists(const abuse_target& target, const std::atomic<bool>& stop) {
  std::vector<tcp_socket> sockets;
  for (int i = 0; i < target.idle_clients && !stop; ++i) sockets.emplace_back(target.port);
  repeat(target.port, "CLIENT LIST\r\n", stop);
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
      {"MSETs and DELs of 100,000 keys", huge_writes},
      {"transactions of 100,000 keys", huge_transactions},
      {"values of 16 MiB", huge_values},
      {"CLIENT LIST of as many clients", client_lists},
  };
  return all;
}

} // namespace argentum::bench
