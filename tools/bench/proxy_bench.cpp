// SPDX-License-Identifier: Apache-2.0
// A proxy whose cache is warm must not feel different from a replica, and must answer every negative itself.
#include "tools/bench/data_setup.hpp"
#include "tools/bench/wait_for.hpp"

#include <fmt/format.h>

#include <thread>

namespace argentum::bench {

namespace {

constexpr std::size_t picks_count = 1 << 20;

/// Reads every value until the proxy has them all, so that not one read goes out any more.
void warm(const node& proxy, const bench_options& how) {
  say("proxy: warm its cache");
  load each_once{.port = proxy.port(),
                 .connections = how.connections,
                 .pipeline = 8,
                 .command =
                     [&](std::string& out, std::uint64_t n) {
                       append_command(out, {"GET", key_of(scattered(n, how.keys))});
                     },
                 .commands_max = how.keys};
  wait_for(
      [&] {
        auto before = proxy.metric("misses_total");
        run_load(each_once);
        return proxy.metric("misses_total") == before;
      },
      "a proxy has every value");
}

/// Until the compactions of what it has written are over.
void wait_until_idle(const node& which) {
  wait_for(
      [&] {
        auto before = which.cpu_time();
        std::this_thread::sleep_for(std::chrono::milliseconds{500});
        return which.cpu_time() - before < std::chrono::milliseconds{20};
      },
      "a node is idle");
}

} // namespace

void bench_proxy(const workplace& where, const bench_options& how, report& into) {
  values data{how.value_bytes};
  filled_root root{where, how, data};
  node replica{where, {.name = "replica", .role = "leaf", .upstreams = {root->peer()}}};
  node proxy{
      where,
      {.name = "proxy", .role = "leaf", .proxy = true, .upstreams = {root->peer()}, .replicas = {replica.peer()}}};
  wait_until_level(replica, *root);
  wait_until_level(proxy, *root);
  warm(proxy, how);
  wait_until_idle(proxy);
  wait_until_idle(replica);
  for (int pipeline : how.pipelines) {
    auto name = fmt::format("proxy: {:g} negatives a hit, pipeline {}", how.negatives, pipeline);
    auto mix = zipf_picks(how.keys, how.skew, how.absent_share(), picks_count);
    auto get = [&](const node& from) {
      return [&] { return rate_of(from, [&] { return run_load(reads(from.port(), how, mix, pipeline)); }); };
    };
    auto measured = alternate(name, how.rounds, get(proxy), get(replica));
    into.add(compare(name, "GET/s", measured, "replica"));
    into.add({.name = name + ", p99.9",
              .unit = "us",
              .value = measured.ours.latencies->p999,
              .peer_name = "replica",
              .peer = measured.theirs.latencies->p999,
              .wanted = ratio_at_most(1.1)});
  }
  auto misses = [&] { return proxy.metric("misses_total"); };
  auto before = misses();
  auto negatives = zipf_picks(how.keys, how.skew, 1, picks_count);
  auto result = run_load(reads(proxy.port(), how, negatives, 16));
  into.add({.name = fmt::format("proxy: lookups for {} negatives", result.replies),
            .unit = "lookups",
            .value = misses() - before,
            .wanted = value_at_most(0)});
  if (result.nulls != result.replies) throw std::runtime_error{"an absent key was found"};
}

} // namespace argentum::bench
