// SPDX-License-Identifier: Apache-2.0
// What a node costs that does nothing, and what clients cost that ask nothing.
#include "tools/bench/benches.hpp"
#include "tools/bench/file_limit.hpp"
#include "tools/bench/load.hpp"
#include "tools/bench/reply_scanner.hpp"
#include "tools/bench/tcp_socket.hpp"
#include "tools/bench/wait_for.hpp"

#include <fmt/format.h>

#include <array>
#include <sys/socket.h>

namespace argentum::bench {

namespace {

constexpr int instances = 10;
constexpr double mib = 1 << 20;

/// Once it has not fallen for two seconds: allocators give memory back with a delay.
double settled_mib(const node& of) {
  auto least = of.resident_bytes();
  auto since = std::chrono::steady_clock::now();
  auto settled = [&] {
    auto now = std::chrono::steady_clock::now();
    if (auto bytes = of.resident_bytes(); bytes < least) {
      least = bytes;
      since = now;
    }
    return now - since > std::chrono::seconds{2};
  };
  wait_quietly(settled, std::chrono::seconds{30}, std::chrono::milliseconds{50});
  return static_cast<double>(of.resident_bytes()) / mib;
}

/// Each has asked one thing before it falls silent, as clients of any library do.
std::vector<tcp_socket> connect(int port, int count) {
  std::vector<tcp_socket> out;
  out.reserve(static_cast<std::size_t>(count));
  std::string ping;
  append_command(ping, {"PING"});
  for (int i = 0; i < count; ++i) {
    out.emplace_back(port).send_all(ping);
    reply_scanner scanner;
    std::array<char, 64> in{};
    auto got = ::recv(out.back().fd(), in.data(), in.size(), 0);
    if (got <= 0 || scanner.scan({in.data(), static_cast<std::size_t>(got)}) != 1 || scanner.errors() > 0)
      throw std::runtime_error{fmt::format("client {} got no answer", i + 1)};
  }
  return out;
}

} // namespace

void bench_idle(const workplace& where, const bench_options& how, report& into) {
  say("idle: nodes with ten empty instances");
  node root{where, {.name = "root", .instances = instances}};
  node replica{where, {.name = "replica", .role = "leaf", .upstreams = {root.peer()}, .instances = instances}};
  node proxy{where,
             {.name = "proxy",
              .role = "leaf",
              .proxy = true,
              .upstreams = {root.peer()},
              .replicas = {replica.peer()},
              .instances = instances}};
  auto add = [&](const std::string& name, double value, double limit) {
    into.add({.name = name, .unit = "MiB", .value = value, .wanted = value_at_most(limit)});
  };
  add("idle: root with ten empty instances", settled_mib(root), 150);
  auto before = settled_mib(replica);
  add("idle: replica with ten empty instances", before, 150);
  add("idle: proxy with ten empty instances", settled_mib(proxy), 150);
  say("idle: clients");
  allow_files(static_cast<rlim_t>(how.clients) + 100);
  auto clients = connect(replica.port(), how.clients);
  add(fmt::format("idle: {} idle clients", how.clients), settled_mib(replica) - before, 60);
}

} // namespace argentum::bench
