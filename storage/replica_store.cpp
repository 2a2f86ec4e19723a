// SPDX-License-Identifier: Apache-2.0
#include "storage/replica_store.hpp"

#include "storage/replica_batch.hpp"
#include "storage/rocks_export.hpp"
#include "storage/store_rules.hpp"

#include <algorithm>

namespace argentum::storage {

replica_store::replica_store(const rocks_start& start, std::chrono::microseconds history)
    : rocks_store(start, std::make_shared<replica_view>(start.db, start.state), history),
      log_(*start.db),
      syncing_horizon_(start.state.horizon),
      flushed_(start.state.applied.index) { // by the recovery
  announce_horizon(start.state.horizon);
}

caf::expected<void> replica_store::apply(const std::vector<log_record>& records, bool sync, stamp_t history_from) {
  auto run = check_next(records);
  if (!run) return run.error();
  auto next = state();
  next.horizon = std::max(next.horizon, run->last_before(history_from));
  rocksdb::WriteBatch batch;
  replica_batch data{*db(), batch, next.horizon};
  if (auto error = data.add(run->mutations)) return error;
  for (const auto& record : records)
    if (auto error = log_.append(batch, record)) return error;
  next.applied = run->applied;
  next.stamp = run->stamp;
  next.key_count = run->key_count;
  if (auto error = commit(batch, next, sync, run->stamps)) return error;
  if (sync) announce_horizon(state().horizon);
  return {};
}

caf::expected<record_run> replica_store::read_log(index_t after, std::size_t bytes_max) const {
  if (auto error = check_log_start(state(), after)) return error;
  auto head = state().applied.index;
  if (after == head) return record_run{};
  return log_.read(after, head, bytes_max);
}

caf::expected<void> replica_store::truncate_log(const log_retention& keep, index_t keep_after) {
  auto last = find_cut(state(), keep, keep_after,
                       {[this](index_t index) { return log_.stamp_of(index); },
                        [this](index_t index) { return log_.bytes_after(index); }});
  if (!last) return last.error();
  if (*last == state().log_base.index) return {};
  auto base = log_.position_of(*last);
  if (!base) return base.error();
  auto next = state();
  next.log_base = *base;
  rocksdb::WriteBatch batch;
  if (auto error = log_.cut(batch, *last)) return error;
  // Durable before files go: a base that a crash moves back would promise entries that are no longer there.
  if (auto error = commit(batch, next, true)) return error;
  if (auto error = log_.free_files(*last)) return error;
  return {};
}

caf::expected<bool> replica_store::fill(std::string_view, index_t, std::string_view) {
  return make_error(errc::wrong_role, "a replica is never filled");
}

caf::expected<bool> replica_store::evict(std::string_view) {
  return make_error(errc::wrong_role, "a replica never evicts");
}

caf::expected<void> replica_store::set_horizon(index_t horizon) {
  if (auto error = check_horizon(state(), horizon)) return error;
  if (horizon <= state().horizon) return {};
  auto next = state();
  next.horizon = horizon;
  rocksdb::WriteBatch batch;
  if (auto error = commit(batch, next, true)) return error;
  announce_horizon(horizon);
  return {};
}

store::sync_work replica_store::begin_sync() {
  syncing_horizon_ = state().horizon;
  return rocks_store::begin_sync();
}

void replica_store::end_sync(index_t upto, const caf::error& outcome) {
  rocks_store::end_sync(upto, outcome);
  if (!outcome) announce_horizon(syncing_horizon_);
}

caf::expected<std::unique_ptr<store_export>> replica_store::open_export(instance_role reader) const {
  return rocks_export::open(db(), reader);
}

} // namespace argentum::storage
