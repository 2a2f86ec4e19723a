// SPDX-License-Identifier: Apache-2.0
// How long after its acknowledgement a write is visible two hops further. One connection writes ever greater
// numbers to one key at a fixed rate, another one reads that key at the end of the chain again and again: whoever
// sees n sees all up to n.
#include "tools/bench/client.hpp"
#include "tools/bench/data_setup.hpp"
#include "tools/bench/reply_scanner.hpp"
#include "tools/bench/tcp_socket.hpp"

#include <fmt/format.h>

#include <algorithm>
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

std::size_t writes_of(const bench_options& how) {
  return static_cast<std::size_t>(how.rate * how.seconds);
}

/// Sends each write when its time has come, whether or not the ones before are acknowledged.
class paced_writer {
 public:
  /// `first` is the number of the first write.
  paced_writer(int port, const bench_options& how, std::uint64_t first) : socket_(port), how_(how), first_(first) {}

  /// When each write was acknowledged.
  times run() {
    wake_up_in_time();
    for (begin_ = steady::now(); acknowledged_.size() < writes_of(how_);) {
      send_due();
      receive();
    }
    if (scanner_.errors() > 0) throw std::runtime_error{"SET: " + scanner_.first_error()};
    return std::move(acknowledged_);
  }

 private:
  steady::time_point next_due() const {
    if (sent_ == writes_of(how_)) return steady::time_point::max();
    return begin_
           + std::chrono::nanoseconds{static_cast<std::int64_t>(1e9 / how_.rate * static_cast<double>(sent_))};
  }

  void send_due() {
    std::string out;
    for (auto now = steady::now(); next_due() <= now; ++sent_) {
      auto value = std::to_string(first_ + sent_);
      value.resize(std::max(value.size(), how_.value_bytes), ' ');
      append_command(out, {"SET", clock_key, value});
    }
    if (!out.empty()) socket_.send_all(out);
  }

  /// What comes before the next write is due.
  void receive() {
    constexpr std::chrono::nanoseconds none{0}, longest = std::chrono::milliseconds{100};
    timespec wait{0, std::clamp<std::chrono::nanoseconds>(next_due() - steady::now(), none, longest).count()};
    pollfd readable{socket_.fd(), POLLIN, 0};
    if (::ppoll(&readable, 1, &wait, nullptr) == 0) return;
    auto got = ::recv(socket_.fd(), in_.data(), in_.size(), 0);
    if (got <= 0) throw std::runtime_error{"the server hung up"};
    auto replies = scanner_.scan({in_.data(), static_cast<std::size_t>(got)});
    acknowledged_.resize(acknowledged_.size() + replies, steady::now());
  }

  tcp_socket socket_;
  const bench_options& how_;
  std::uint64_t first_;
  steady::time_point begin_;
  std::size_t sent_ = 0;
  reply_scanner scanner_;
  std::array<char, 16 * 1024> in_{};
  times acknowledged_;
};

/// When each write was seen, from `first` on to the end of the run.
times watch(int port, const bench_options& how, std::uint64_t first) {
  wake_up_in_time();
  client reader{port};
  times seen;
  auto deadline =
      steady::now() + std::chrono::duration_cast<steady::duration>(std::chrono::duration<double>{how.seconds + 60});
  while (seen.size() < writes_of(how)) {
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
  auto acknowledged = paced_writer{head, how, last + 1}.run();
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
