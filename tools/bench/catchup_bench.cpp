// SPDX-License-Identifier: Apache-2.0
// A leaf comes back after many entries: how fast it gets them, against one thread that loads the same records into
// a bare RocksDB of the same options; and a full copy against following the log.
#include "tools/bench/bare_load.hpp"
#include "tools/bench/cleanup.hpp"
#include "tools/bench/data_setup.hpp"

#include <fmt/format.h>

namespace argentum::bench {

namespace {

double mb_of(const bench_options& how) {
  return static_cast<double>(how.entries) * static_cast<double>(key_of(0).size() + how.value_bytes) / 1e6;
}

measurement per_second(double amount, std::chrono::duration<double> took) {
  return {amount / took.count()};
}

/// The time that a leaf takes for the entries that it missed: of new keys, or of keys that it has already.
std::chrono::duration<double> catch_up(const workplace& where, const bench_options& how, bool overwrites) {
  scratch_dir dir{where.dir};
  workplace inner{where.node_binary, dir.path()};
  values data{how.value_bytes};
  node root{inner, {.name = "root"}};
  if (overwrites) fill(root.port(), how.entries, data);
  node_settings leaf{.name = "leaf", .role = "leaf", .upstreams = {root.peer()}};
  {
    node before{inner, leaf};
    wait_until_level(before, root);
  }
  say("catch-up: write what the leaf misses");
  fill(root.port(), how.entries, data, 1);
  say("catch-up: the leaf is back");
  node after{inner, leaf};
  return wait_until_level(after, root);
}

std::chrono::duration<double> load_bare(const workplace& where, const bench_options& how, bare_records what) {
  say("catch-up: load a bare RocksDB");
  scratch_dir dir{where.dir};
  return bare_load(dir.path(), how.entries, values{how.value_bytes}, what);
}

} // namespace

void bench_catchup(const workplace& where, const bench_options& how, report& into) {
  double count = how.entries;
  auto add = [&](const std::string& name, std::chrono::duration<double> ours, bare_records bare, const char* peer,
                 std::optional<bar> wanted) {
    measured_pair rates{per_second(count, ours), per_second(count, load_bare(where, how, bare))};
    into.add(compare("catch-up: " + name, "entries/s", rates, peer, wanted));
  };
  auto fresh = catch_up(where, how, false);
  add("new keys", fresh, bare_records::fresh, "bare RocksDB", ratio_at_least(0.5));
  into.add({.name = "catch-up: new keys", .unit = "MB/s", .value = per_second(mb_of(how), fresh).rate});
  auto again = catch_up(where, how, true);
  add("overwrites", again, bare_records::overwrites, "bare RocksDB", ratio_at_least(0.5));
  add("overwrites", again, bare_records::overwrites_with_history, "bare with history copies", std::nullopt);
}

void bench_bootstrap(const workplace& where, const bench_options& how, report& into) {
  values data{how.value_bytes};
  measured_pair rates;
  {
    say("bootstrap: fill a root, then follow its log from the start");
    node root{where, {.name = "root"}};
    fill(root.port(), how.entries, data);
    node leaf{where, {.name = "leaf-log", .role = "leaf", .upstreams = {root.peer()}}};
    rates.theirs = per_second(mb_of(how), wait_until_level(leaf, root));
  }
  auto filled = how;
  filled.keys = how.entries;
  scratch_dir dir{where.dir};
  workplace inner{where.node_binary, dir.path()};
  filled_root root{inner, filled, data};
  say("bootstrap: full copy");
  node leaf{inner, {.name = "leaf", .role = "leaf", .upstreams = {root->peer()}}};
  rates.ours = per_second(mb_of(how), wait_until_level(leaf, *root));
  if (leaf.metric("snapshots_received_total") < 1) into.note("bootstrap: the leaf made no full copy");
  into.add(compare("bootstrap: full copy", "MB/s", rates, "following the log", ratio_at_least(3)));
}

} // namespace argentum::bench
