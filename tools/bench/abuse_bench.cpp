// SPDX-License-Identifier: Apache-2.0
// What clients that behave notice of one kind of abuse at a time, and what it costs the node in memory.
#include "tools/bench/abusers.hpp"
#include "tools/bench/data_setup.hpp"
#include "tools/bench/file_limit.hpp"

#include <exception>
#include <thread>

namespace argentum::bench {

namespace {

constexpr std::size_t picks_count = 1 << 16;
constexpr double mib = 1 << 20;
constexpr double p99_us_max = 20'000;
constexpr double memory_mib_max = 256;

/// Runs beside the load until it is destroyed or `end` is called, which throws what went wrong.
class background {
 public:
  background(const abuser& who, const abuse_target& target)
      : thread_([this, &who, target] {
          try {
            who.run(target, stop_);
          } catch (...) {
            failed_ = std::current_exception();
          }
        }) {}
  ~background() { join(); }

  void end() {
    join();
    if (failed_) std::rethrow_exception(failed_);
  }

 private:
  void join() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }

  std::atomic<bool> stop_{false};
  std::exception_ptr failed_;
  std::thread thread_;
};

latency under(const abuser& who, int port, const bench_options& how, const std::vector<pick>& picks) {
  background abuse{who, {port, how.keys, how.clients}};
  auto result = run_load(reads(port, how, picks, 1));
  abuse.end();
  return result.latencies.summary();
}

} // namespace

void bench_abuse(const workplace& where, const bench_options& how, report& into) {
  allow_files(static_cast<std::uint64_t>(how.clients) + 1000);
  values data{how.value_bytes};
  node server{where, {.name = "node"}};
  redis peer{where, "redis", {"--maxclients", std::to_string(how.clients + 1000)}};
  fill(server.port(), how.keys, data);
  fill(peer.port(), how.keys, data);
  auto picks = zipf_picks(how.keys, how.skew, 0, picks_count);
  auto before = server.resident_bytes();
  const abuser nobody{"nobody", [](const abuse_target&, const std::atomic<bool>&) {}};
  auto all = abusers();
  all.insert(all.begin(), nobody);
  for (const auto& each : all) {
    auto name = "abuse: GET p99 beside " + each.name;
    say(name);
    auto ours = under(each, server.port(), how, picks);
    auto theirs = under(each, peer.port(), how, picks);
    into.add({.name = name,
              .unit = "us",
              .value = ours.p99,
              .latencies = ours,
              .peer_name = "redis",
              .peer = theirs.p99,
              .peer_latencies = theirs,
              .wanted = value_at_most(p99_us_max)});
  }
  into.add({.name = "abuse: most memory beyond the node's own",
            .unit = "MiB",
            .value = static_cast<double>(server.peak_resident_bytes() - before) / mib,
            .wanted = value_at_most(memory_mib_max)});
}

} // namespace argentum::bench
