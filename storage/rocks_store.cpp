// SPDX-License-Identifier: Apache-2.0
#include "storage/rocks_store.hpp"

#include "storage/rocks_status.hpp"
#include "storage/store_rules.hpp"

#include <algorithm>

namespace argentum::storage {

caf::expected<rocks_start> read_start(std::shared_ptr<rocks_db> db) {
  auto state = db->read_state();
  if (!state) return state.error();
  auto import = db->read_import();
  if (!import) return import.error();
  auto samples = db->read_samples();
  if (!samples) return samples.error();
  auto clock = db->read_clock();
  if (!clock) return clock.error();
  return rocks_start{std::move(db), *state, std::move(*import), std::move(*samples), *clock};
}

rocks_store::rocks_store(const rocks_start& start, std::shared_ptr<rocks_view> view, std::chrono::microseconds span)
    : db_(start.db),
      view_(std::move(view)),
      state_(start.state),
      durable_(state_.applied.index), // recovery has written it to table files
      span_(span),
      samples_(start.samples) {
  if (start.import) import_.emplace(db_, state_.role, *start.import);
}

caf::expected<void> rocks_store::adopt(instance_id id) {
  if (auto error = check_adoption(state_, id)) return error;
  if (state_.id == id) return {};
  auto next = state_;
  next.id = id;
  rocksdb::WriteBatch batch;
  if (auto error = commit(batch, next, true)) return error;
  return {};
}

space_report rocks_store::space() const {
  space_report out;
  for (auto* family : db_->families()) {
    std::uint64_t bytes = 0;
    if (db_->db().GetIntProperty(family, rocksdb::DB::Properties::kTotalSstFilesSize, &bytes))
      out.disk_bytes += bytes;
    if (db_->role() == instance_role::replica && family == db_->history()) out.history_bytes = bytes;
  }
  out.disk_bytes += db_->wal_bytes();
  auto volume = db_->shared().volume(db_->dir());
  out.free_bytes = volume.free_bytes;
  out.volume_bytes = volume.bytes;
  return out;
}

store::sync_work rocks_store::begin_sync() {
  if (durable_ == state_.applied.index) return [] { return caf::error{}; }; // fills and evictions are not worth it
  if (auto error = resume()) return [error] { return error; };
  return [db = db_] { return to_error(db->db().SyncWAL(), "sync"); };
}

void rocks_store::end_sync(index_t upto, const caf::error& outcome) {
  if (outcome)
    failed_ = outcome;
  else
    durable_ = std::max(durable_, upto);
}

caf::expected<checked_run> rocks_store::check_next(const std::vector<log_record>& records) const {
  if (import_) return make_error(errc::busy, "an import is under way");
  return check_run(state_, records);
}

caf::error rocks_store::commit(rocksdb::WriteBatch& batch, const store_state& next, bool sync,
                               const std::vector<stamp_t>& stamps) {
  auto status = batch.Put(db_->meta(), state_key, encode_state(next));
  std::optional<stamp_samples> sampled;
  if (!stamps.empty() && samples_.wants(stamps.back(), span_)) {
    sampled = samples_;
    auto index = next.applied.index - stamps.size();
    for (auto stamp : stamps) sampled->note({++index, stamp}, span_);
    if (status.ok()) status = db_->add_samples(batch, samples_, *sampled);
  }
  if (auto error = to_error(status, "build a batch")) return error;
  view_->announce(next.horizon);
  auto error = write(batch, sync);
  if (!error) state_ = next;
  if (!error && sampled) samples_ = std::move(*sampled);
  if (!error && sync) durable_ = state_.applied.index;
  view_->publish(state_);
  return error;
}

caf::error rocks_store::write(rocksdb::WriteBatch& batch, bool sync) {
  if (auto error = resume()) return error;
  record_cache::change change{db_->records(), batch};
  failed_ = to_error(db_->write(batch, sync), "write");
  return failed_;
}

rocks_store::unflushed rocks_store::in_memory() const {
  unflushed out;
  for (auto* family : db_->families()) {
    std::uint64_t tables = 0;
    db_->db().GetIntProperty(family, rocksdb::DB::Properties::kNumImmutableMemTable, &tables);
    out.on_the_way |= tables > 0;
  }
  db_->db().GetIntProperty(db_->data(), rocksdb::DB::Properties::kNumEntriesActiveMemTable, &out.records);
  return out;
}

store::sweep_work rocks_store::begin_flush() {
  auto error =
      resume(); // a flush begins a new log file, which RocksDB must not do after a broken one unless it recovers
  if (!error) error = to_error(db_->begin_flush(), "flush");
  return [error]() -> caf::expected<sweep_outcome> {
    if (error) return error;
    return sweep_outcome{0, 0, 0, true};
  };
}

caf::error rocks_store::resume() {
  if (!failed_) return {};
  auto status = db_->db().Resume();
  return status.IsBusy() ? failed_ : to_error(status, "resume writing"); // busy: its own recovery is on it
}

caf::expected<import_progress> rocks_store::import_state() const {
  return progress_of(import_ ? std::optional{import_->progress()} : std::nullopt);
}

caf::expected<void> rocks_store::begin_import(const snapshot_header& header) {
  auto running = import_ ? std::optional{import_->progress()} : std::nullopt;
  if (auto error = check_import_start(state_, running, header)) return error;
  if (import_) return {};
  import_.emplace(db_, state_.role, import_record{header, 0, {}});
  if (auto error = import_->begin()) {
    import_.reset();
    return error;
  }
  return {};
}

caf::expected<void> rocks_store::import(const std::vector<snapshot_record>& records) {
  if (!import_) return make_error(errc::invalid, "no import is under way");
  if (auto error = import_->add(records)) return error;
  return {};
}

caf::expected<void> rocks_store::finish_import() {
  if (!import_) return make_error(errc::invalid, "no import is under way");
  if (auto error = import_->flush()) return error;
  if (auto error = check_import_end(import_->progress())) return error;
  rocksdb::WriteBatch batch;
  auto status = batch.Delete(db_->meta(), import_key);
  if (auto error = to_error(status, "build a batch")) return error;
  if (auto error =
          commit(batch, state_after(import_->progress(), state_.role), true, {import_->progress().header.stamp}))
    return error;
  import_.reset();
  return {};
}

} // namespace argentum::storage
