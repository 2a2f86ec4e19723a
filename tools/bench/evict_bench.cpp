// SPDX-License-Identifier: Apache-2.0
// What a proxy saves on disk and costs in reads, also while it evicts; and what history costs a replica. All in the
// process, on the stores themselves.
#include "storage/access_table.hpp"
#include "tools/bench/benches.hpp"
#include "tools/bench/cleanup.hpp"
#include "tools/bench/dataset.hpp"
#include "tools/bench/rocks_check.hpp"
#include "tools/bench/sweep_store.hpp"

#include <fmt/format.h>
#include <rocksdb/perf_context.h>

#include <atomic>
#include <thread>

namespace argentum::bench {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr std::size_t keys_per_entry = 100;
constexpr std::size_t picks_count = 1 << 18;
constexpr auto writes_apart = std::chrono::microseconds{1'000'000 / 350}; ///< 350 writes a second

/// Reads after Zipf's law, absent keys among them, round and round.
class reader {
 public:
  reader(const bench_options& how, double absent_share) {
    for (const auto& each : zipf_picks(how.keys, how.skew, absent_share, picks_count)) {
      keys_.push_back(sweep_store::key(each.number));
      if (each.absent) keys_.back() += '-'; // between two present ones
    }
  }

  void read(const sweep_store& from) {
    auto answer = must(from.view().get(keys_[at_++ % picks_count], value_));
    (void)answer;
  }

  template <class Condition>
  latency times(const sweep_store& from, Condition&& go_on) {
    histogram out;
    for (auto now = steady::now(); go_on();) {
      auto start = now;
      read(from);
      now = steady::now();
      out.add(now - start);
    }
    return out.summary();
  }
  latency times(const sweep_store& from, double seconds) {
    auto end = steady::now() + std::chrono::duration<double>{seconds};
    return times(from, [end] { return steady::now() < end; });
  }

 private:
  std::vector<std::string> keys_;
  std::size_t at_ = 0;
  std::string value_;
};

/// Reads every n-th key, so that these are the ones in use from now on; the rest goes.
void shrink_to(sweep_store& proxy, const bench_options& how, std::uint32_t every) {
  proxy.store().pass_time(1000s);
  std::string value;
  for (std::uint32_t n = 0; n < how.keys; n += every) must(proxy.view().get(sweep_store::key(n), value));
  proxy.evict(proxy.store().ages().now);
}

figure p999_of(const char* name, const latency& ours, const char* peer_name, const latency& peer, double most) {
  figure out{name, "us", ours.p999};
  out.latencies = ours;
  out.peer_name = peer_name;
  out.peer = peer.p999;
  out.peer_latencies = peer;
  out.wanted = ratio_at_most(most);
  return out;
}

void measure_reads(const sweep_store& proxy, const sweep_store& replica, const bench_options& how, report& into) {
  reader mine{how, how.absent_share()}, theirs = mine;
  std::vector<measurement> ours, peers;
  for (int round = 0; round < how.rounds; ++round) {
    say(fmt::format("evict: reads, round {} of {}", round + 1, how.rounds));
    ours.push_back({0, mine.times(proxy, how.seconds)});
    peers.push_back({0, theirs.times(replica, how.seconds)});
  }
  into.add(p999_of("evict: reads of a warm proxy, p99.9", *median(ours).latencies, "replica",
                   *median(peers).latencies, 1.1));
}

/// The pass takes the half of the values that was read longest ago; those that are read stay.
void measure_pass(sweep_store& proxy, const bench_options& how, report& into) {
  say("evict: reads during a pass");
  proxy.store().pass_time(1000s);
  reader mine{how, how.absent_share()};
  auto before = mine.times(proxy, how.seconds * how.rounds);
  auto cut = proxy.store().ages().now;
  std::atomic<bool> done = false;
  steady::time_point begin = steady::now();
  std::thread pass{[&] {
    proxy.evict(cut);
    done = true;
  }};
  auto during = mine.times(proxy, [&] { return !done.load(std::memory_order_relaxed); });
  pass.join();
  into.add(p999_of("evict: reads during a pass, p99.9", during, "before it", before, 2));
  into.add({"evict: length of the pass", "s", std::chrono::duration<double>(steady::now() - begin).count()});
}

void measure_negatives(const sweep_store& proxy, const bench_options& how, report& into) {
  auto evenly = how;
  evenly.skew = 0;
  reader absent{evenly, 1};
  rocksdb::SetPerfLevel(rocksdb::PerfLevel::kEnableCount);
  rocksdb::get_perf_context()->Reset();
  for (std::size_t i = 0; i < picks_count; ++i) absent.read(proxy);
  auto passed = static_cast<double>(rocksdb::get_perf_context()->bloom_sst_hit_count);
  rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable);
  into.add({.name = "evict: negatives answered without a data block",
            .unit = "%",
            .value = 100 * (1 - passed / picks_count),
            .wanted = bar{bar::subject::value, bar::direction::at_least, 99}});
}

figure share_of(const char* name, const sweep_store& proxy, const sweep_store& replica, double most) {
  figure out{name, "MiB", proxy.disk_mib()};
  out.peer_name = "replica";
  out.peer = replica.disk_mib();
  out.wanted = ratio_at_most(most);
  return out;
}

void measure_proxy(const workplace& where, const bench_options& how, report& into) {
  scratch_dir dir{where.dir};
  sweep_store replica{dir.path() + "/replica", instance_role::replica};
  sweep_store proxy{dir.path() + "/proxy", instance_role::proxy};
  say("evict: filling");
  for (auto* each : {&replica, &proxy}) {
    each->write(how.keys, keys_per_entry, how.value_bytes, writes_apart);
    each->settle();
  }
  measure_negatives(proxy, how, into);
  measure_reads(proxy, replica, how, into);
  measure_pass(proxy, how, into);
}

void measure_disk(const workplace& where, const bench_options& how, report& into) {
  scratch_dir dir{where.dir};
  sweep_store replica{dir.path() + "/replica", instance_role::replica};
  sweep_store proxy{dir.path() + "/proxy", instance_role::proxy};
  say("evict: disk");
  for (auto* each : {&replica, &proxy}) {
    each->write(how.keys, keys_per_entry, how.value_bytes, writes_apart);
    each->settle();
  }
  shrink_to(proxy, how, 5);
  into.add(share_of("evict: disk with 20 % of the values", proxy, replica, 0.32));
  shrink_to(proxy, how, 100);
  into.add(share_of("evict: disk with 1 % of the values", proxy, replica, 0.13));
}

/// Overwrites of all keys, as many as come in two hours.
void measure_history(const workplace& where, const bench_options& how, report& into) {
  figure rate{"evict: writes with 2 h of history", "k/s", 0}, disk{"evict: disk with 2 h of history", "MiB", 0};
  rate.peer_name = disk.peer_name = "without";
  for (bool keeps : {true, false}) {
    say(keeps ? "evict: writes with history" : "evict: writes without");
    scratch_dir dir{where.dir};
    sweep_store replica{dir.path() + "/replica", instance_role::replica};
    replica.write(how.keys, keys_per_entry, how.value_bytes, writes_apart);
    replica.settle();
    auto begin = steady::now();
    std::uint32_t written = 0;
    for (; written < how.entries; written += how.keys)
      replica.write(how.keys, 1, how.value_bytes, writes_apart, keeps ? 2h : 0h);
    auto took = std::chrono::duration<double>(steady::now() - begin).count();
    replica.settle();
    (keeps ? rate.value : rate.peer.emplace()) = written / took / 1000;
    (keeps ? disk.value : disk.peer.emplace()) = replica.disk_mib();
    if (!keeps) continue;
    replica.collect(replica.store().report().applied.index);
    into.add({"evict: disk after that history was collected", "MiB", replica.disk_mib()});
  }
  into.add(rate);
  into.add(disk);
}

/// As many keys as there are places.
void measure_table(report& into) {
  constexpr std::size_t bytes = 16 << 20, places = bytes / 8;
  storage::access_table table{bytes};
  for (std::size_t i = 0; i < places; ++i)
    table.touch(sweep_store::key(i), static_cast<storage::access_time>(1 + i / 1000));
  std::size_t known = 0;
  for (std::size_t i = 0; i < places; ++i) known += table.last(sweep_store::key(i)) != 0;
  into.add({"evict: memory of a tracked key", "B", static_cast<double>(bytes) / static_cast<double>(known)});
}

} // namespace

void bench_evict(const workplace& where, const bench_options& how, report& into) {
  measure_table(into);
  measure_disk(where, how, into);
  measure_proxy(where, how, into);
  measure_history(where, how, into);
}

} // namespace argentum::bench
