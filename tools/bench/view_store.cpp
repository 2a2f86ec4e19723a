// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/view_store.hpp"

#include "messages/chain.hpp"
#include "messages/entry_codec.hpp"
#include "storage/proxy_store.hpp"
#include "storage/replica_store.hpp"
#include "tools/bench/dataset.hpp"
#include "tools/bench/rocks_check.hpp"

#include <algorithm>

namespace argentum::bench {

namespace {

using limits::mib;

constexpr std::size_t batch_entries = 1000;
constexpr std::size_t record_overhead = 64; ///< key, record head and RocksDB's own bytes, about

/// A memtable of the data takes 16 MiB; half of that stays in it.
std::uint32_t keys_for(data_place place, const bench_options& how) {
  auto fits = static_cast<std::uint32_t>(8 * mib / (how.value_bytes + record_overhead));
  return place == data_place::memtable ? std::min(how.keys, std::max(fits, 1u)) : how.keys;
}

storage::rocks_limits limits_for(data_place place, const bench_options& how) {
  storage::rocks_limits out;
  auto data_bytes = how.keys * (how.value_bytes + record_overhead);
  out.cache_bytes = place == data_place::sst ? 8 * mib : std::max(out.cache_bytes, 4 * data_bytes);
  if (place == data_place::sst) out.memtable_bytes = 4 * mib;
  return out;
}

} // namespace

view_store::view_store(const std::string& dir, instance_role role, data_place place, const bench_options& how)
    : keys_(keys_for(place, how)),
      shared_(std::make_shared<storage::rocks_shared>(limits_for(place, how))),
      db_(must(storage::rocks_db::create(dir + "/store", role, shared_))) {
  auto start = must(storage::read_start(db_));
  if (role == instance_role::proxy)
    store_ = std::make_unique<storage::proxy_store>(start, storage::window_limits{});
  else
    store_ = std::make_unique<storage::replica_store>(start);
  view_ = store_->view();
  fill(how.value_bytes);
  if (place != data_place::memtable) settle();
}

void view_store::fill(std::size_t value_bytes) {
  values data{value_bytes};
  std::vector<log_record> run;
  chain_t chain = 0;
  for (std::uint32_t n = 0; n < keys_; ++n) {
    entry next{1, n + 1, stamp_t{std::chrono::seconds{1'700'000'000}}, {}};
    next.mutations.push_back({mutation_kind::create, key_of(scattered(n, keys_)), std::string{data.of(n)}});
    auto bytes = encode_entry(next);
    chain = extend_chain(chain, bytes);
    run.push_back({next.index, chain, std::move(bytes)});
    if (run.size() < batch_entries && n + 1 < keys_) continue;
    must(store_->apply(run, false));
    run.clear();
  }
}

void view_store::settle() {
  must(db().Flush({}, data()));
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  must(db().CompactRange(options, data(), nullptr, nullptr));
  std::string value;
  for (std::uint32_t n = 0; n < keys_; ++n) must(view_->get(key_of(n), value)); // whatever caches there are
}

} // namespace argentum::bench
