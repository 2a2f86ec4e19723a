// SPDX-License-Identifier: Apache-2.0
// How long after its acknowledgement a write is visible two hops further. One connection writes ever greater
// numbers to one key at a fixed rate, another one reads that key at the end of the chain again and again: whoever
// sees n sees all up to n.
#include "tools/bench/client.hpp"
#include "tools/bench/data_setup.hpp"
#include "tools/bench/reply_scanner.hpp"
#include "tools/bench/tcp_socket.hpp"

#include <fmt/format.h>

#include <array>
#include <future>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <thread>

namespace argentum::bench {

namespace {

using steady = std::chrono::steady_clock;
using times = std::vector<steady::time_point>; ///< of write 1, 2, ...

constexpr const char* clock_key = "bench:clock";
/// Between two looks of the reader: leaves the processor to the servers, and is small against what is measured.
constexpr auto look_pause = std::chrono::microseconds{20};

/// The default (50 us) is more than the pauses here.
void wake_up_in_time() {
  ::prctl(PR_SET_TIMERSLACK, 1000);
}

/// When each write was acknowledged. `first` is the number of the first one.
times write_at_rate(int port, const bench_options& how, std::uint64_t first) {
  wake_up_in_time();
  tcp_socket socket{port};
  reply_scanner scanner;
  times acknowledged;
  auto count = static_cast<std::size_t>(how.rate * how.seconds);
  std::size_t sent = 0;
  auto begin = steady::now();
  auto due = [&] {
    return begin + std::chrono::nanoseconds{static_cast<std::int64_t>(1e9 / how.rate * static_cast<double>(sent))};
  };
  std::array<char, 16 * 1024> in{};
  while (acknowledged.size() < count) {
    std::string out;
    for (auto now = steady::now(); sent < count && due() <= now; ++sent) {
      auto value = std::to_string(first + sent);
      value.resize(std::max(value.size(), how.value_bytes), ' ');
      append_command(out, {"SET", clock_key, value});
    }
    if (!out.empty()) socket.send_all(out);
    auto pause = std::max(due() - steady::now(), steady::duration{0});
    timespec until_due{0, sent < count ? static_cast<long>(std::chrono::nanoseconds{pause}.count()) : 100'000'000};
    pollfd readable{socket.fd(), POLLIN, 0};
    if (::ppoll(&readable, 1, &until_due, nullptr) == 0) continue;
    auto got = ::recv(socket.fd(), in.data(), in.size(), 0);
    if (got <= 0) throw std::runtime_error{"the server hung up"};
    acknowledged.resize(acknowledged.size() + scanner.scan({in.data(), static_cast<std::size_t>(got)}),
                        steady::now());
  }
  if (scanner.errors() > 0) throw std::runtime_error{"SET: " + scanner.first_error()};
  return acknowledged;
}

/// When each write was seen, from `first` on to the end of the run.
times watch(int port, const bench_options& how, std::uint64_t first) {
  wake_up_in_time();
  client reader{port};
  times seen;
  auto count = static_cast<std::size_t>(how.rate * how.seconds);
  auto deadline =
      steady::now() + std::chrono::duration_cast<steady::duration>(std::chrono::duration<double>{how.seconds + 60});
  while (seen.size() < count) {
    auto value = reader.text({"GET", clock_key});
    auto now = steady::now();
    auto number = value ? std::stoull(*value) : 0;
    if (number >= first) seen.resize(number - first + 1, now);
    if (now > deadline) throw std::runtime_error{"not within 60 s: the last write is visible on the leaf"};
    std::this_thread::sleep_for(look_pause);
  }
  return seen;
}

measurement propagate(int head, int tail, const bench_options& how, std::uint64_t& last) {
  auto seen = std::async(std::launch::async, watch, tail, std::cref(how), last + 1);
  auto acknowledged = write_at_rate(head, how, last + 1);
  last += acknowledged.size();
  auto visible = seen.get();
  histogram delays;
  for (std::size_t i = 0; i < acknowledged.size(); ++i) delays.add(visible[i] - acknowledged[i]);
  auto summary = delays.summary();
  return {summary.p50, summary};
}

} // namespace

void bench_propagate(const workplace& where, const bench_options& how, report& into) {
  node_chain nodes{where};
  redis_chain peers{where, {"--repl-diskless-sync-delay", "0"}};
  std::uint64_t ours = 0, theirs = 0;
  auto name = fmt::format("propagate: {:g} writes/s", how.rate);
  auto measured = alternate(
      name, how.rounds, [&] { return propagate(nodes.root.port(), nodes.leaf.port(), how, ours); },
      [&] { return propagate(peers.head.port(), peers.tail.port(), how, theirs); });
  auto add = [&](const char* which, double latency::*field, double limit) {
    auto figure = compare(name + ", " + which, "us", measured, "redis chain", value_at_most(limit));
    figure.value = (*measured.ours.latencies).*field;
    figure.peer = (*measured.theirs.latencies).*field;
    into.add(figure);
  };
  add("p50", &latency::p50, 500);
  add("p99", &latency::p99, 3000);
}

} // namespace argentum::bench
