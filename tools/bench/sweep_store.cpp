// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/sweep_store.hpp"

#include "messages/chain.hpp"
#include "messages/entry_codec.hpp"
#include "storage/proxy_store.hpp"
#include "storage/replica_store.hpp"
#include "tools/bench/dataset.hpp"
#include "tools/bench/rocks_check.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace argentum::bench {

namespace {

constexpr std::size_t batch_mutations = 1000;

/// Next to nothing, so that all that is measured has left it.
constexpr storage::window_limits small_window{std::chrono::microseconds{0}, 1};

} // namespace

sweep_store::sweep_store(const std::string& dir, instance_role role)
    : shared_(std::make_shared<storage::rocks_shared>()),
      db_(must(storage::rocks_db::create(dir, role, shared_))) {
  auto start = must(storage::read_start(db_));
  if (role == instance_role::proxy)
    store_ = std::make_unique<storage::proxy_store>(start, small_window);
  else
    store_ = std::make_unique<storage::replica_store>(start);
  view_ = store_->view();
}

std::string sweep_store::key(std::uint64_t number) {
  return fmt::format("{}:{:016x}", key_of(number), scattered(number, ~std::uint64_t{0}) * 0x9e3779b97f4a7c15);
}

void sweep_store::write(std::uint32_t keys, std::size_t per_entry, std::size_t value_bytes,
                        std::chrono::microseconds apart, std::chrono::microseconds history) {
  values data{value_bytes};
  bool fresh = store_->report().key_count == 0;
  std::vector<log_record> run;
  std::size_t mutations = 0;
  for (std::uint32_t n = 0; n < keys;) {
    entry next{1, last_.index + 1, stamp_ += apart, {}};
    for (std::size_t i = 0; i < per_entry && n < keys; ++i, ++n)
      next.mutations.push_back({fresh ? mutation_kind::create : mutation_kind::update, key(scattered(n, keys)),
                                std::string{data.of(random_())}});
    mutations += next.mutations.size();
    auto bytes = encode_entry(next);
    last_ = {1, next.index, extend_chain(last_.chain, bytes)};
    run.push_back({next.index, last_.chain, std::move(bytes)});
    if (mutations < batch_mutations && n < keys) continue;
    must(store_->apply(run, false, history.count() > 0 ? stamp_ - history : stamp_t::max()));
    run.clear();
    mutations = 0;
  }
  must(store_->sync());
  must(store_->truncate_log({std::chrono::seconds{0}, 0}, last_.index));
}

void sweep_store::settle() {
  must(db_->db().Flush({}, db_->families()));
  for (auto* family : db_->families()) {
    rocksdb::CompactRangeOptions options;
    options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
    must(db_->db().CompactRange(options, family, nullptr, nullptr));
  }
}

void sweep_store::sweep(const std::function<storage::store::sweep_work()>& begin) {
  while (must(begin()()).more) {
  }
}

void sweep_store::evict(storage::access_time cut) {
  sweep([&] { return store_->begin_evict(cut); });
}

void sweep_store::collect(index_t horizon) {
  must(store_->set_horizon(horizon));
  sweep([&] { return store_->begin_collect(horizon); });
}

double sweep_store::disk_mib() const {
  return static_cast<double>(store_->space().disk_bytes) / static_cast<double>(limits::mib);
}

} // namespace argentum::bench
