// SPDX-License-Identifier: Apache-2.0
// A leaf comes back after many entries: how fast it gets them, against one thread that loads the same records into
// a bare RocksDB of the same options; and a full copy against following the log.
#include "tools/bench/bare_load.hpp"
#include "tools/bench/cleanup.hpp"
#include "tools/bench/client.hpp"
#include "tools/bench/data_setup.hpp"

#include <fmt/format.h>

#include <thread>

namespace argentum::bench {

namespace {

double mb_of(const bench_options& how) {
  return static_cast<double>(how.entries) * static_cast<double>(key_of(0).size() + how.value_bytes) / 1e6;
}

/// A node that just started gets `amount`, `count` entries, until it is level.
measurement level(const node& behind, const node& ahead, double amount, double count) {
  auto took = wait_until_level(behind, ahead);
  std::chrono::duration<double, std::micro> used = behind.cpu_time();
  return {amount / took.count(), std::nullopt, used.count() / count};
}

/// Entries a second of a leaf that missed them: of new keys, or of keys that it has already. They are older than
/// the leaf's `history_span` only if that is a second.
measurement catch_up(const workplace& where, const bench_options& how, bool overwrites,
                     const std::string& history_span = "2h") {
  scratch_dir dir{where.dir};
  workplace inner{where.node_binary, dir.path()};
  values data{how.value_bytes};
  node root{inner, {.name = "root"}};
  if (overwrites) fill(root.port(), how.entries, data);
  node_settings leaf{.name = "leaf", .role = "leaf", .upstreams = {root.peer()}, .history_span = history_span};
  {
    node before{inner, leaf};
    wait_until_level(before, root);
  }
  say("catch-up: write what the leaf misses");
  fill(root.port(), how.entries, data, 1);
  std::this_thread::sleep_for(std::chrono::milliseconds{1100});
  client{root.port()}.text({"SET", "bench:nudge", "1"}); // age counts against the newest entry
  say("catch-up: the leaf is back");
  node after{inner, leaf};
  return level(after, root, how.entries, how.entries);
}

measurement load_bare(const workplace& where, const bench_options& how, bare_records what) {
  say("catch-up: load a bare RocksDB");
  scratch_dir dir{where.dir};
  auto cost = bare_load(dir.path(), how.entries, values{how.value_bytes}, what);
  return {how.entries / cost.took.count(), std::nullopt, cost.cpu.count() * 1e6 / how.entries};
}

} // namespace

void bench_catchup(const workplace& where, const bench_options& how, report& into) {
  auto add = [&](const std::string& name, const measurement& ours, bare_records bare, const char* peer,
                 std::optional<bar> wanted) {
    into.add(compare("catch-up: " + name, "entries/s", {ours, load_bare(where, how, bare)}, peer, wanted));
  };
  auto fresh = catch_up(where, how, false);
  add("new keys", fresh, bare_records::fresh, "bare RocksDB", ratio_at_least(0.5));
  into.add({.name = "catch-up: new keys, payload", .unit = "MB/s", .value = fresh.rate * mb_of(how) / how.entries});
  auto old = catch_up(where, how, true, "1s");
  add("overwrites below the horizon", old, bare_records::overwrites, "bare RocksDB", ratio_at_least(0.5));
  auto young = catch_up(where, how, true);
  add("overwrites, both with history", young, bare_records::overwrites_with_history, "bare RocksDB", std::nullopt);
}

void bench_bootstrap(const workplace& where, const bench_options& how, report& into) {
  values data{how.value_bytes};
  measured_pair rates;
  {
    say("bootstrap: fill a root, then follow its log from the start");
    node root{where, {.name = "root"}};
    fill(root.port(), how.entries, data);
    node leaf{where, {.name = "leaf-log", .role = "leaf", .upstreams = {root.peer()}}};
    rates.theirs = level(leaf, root, mb_of(how), how.entries);
  }
  auto filled = how;
  filled.keys = how.entries;
  scratch_dir dir{where.dir};
  workplace inner{where.node_binary, dir.path()};
  filled_root root{inner, filled, data};
  say("bootstrap: full copy");
  node leaf{inner, {.name = "leaf", .role = "leaf", .upstreams = {root->peer()}}};
  rates.ours = level(leaf, *root, mb_of(how), how.entries);
  if (leaf.metric("snapshots_received_total") < 1) into.note("bootstrap: the leaf made no full copy");
  into.add(compare("bootstrap: full copy", "MB/s", rates, "following the log", ratio_at_least(3)));
}

} // namespace argentum::bench
