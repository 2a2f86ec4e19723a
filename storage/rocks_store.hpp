// SPDX-License-Identifier: Apache-2.0
// What both stores on disk do alike: state, durability, import. All changes of the state go through `commit`, the
// one place where a change becomes visible and, if asked, durable.
#pragma once

#include "storage/rocks_import.hpp"
#include "storage/rocks_view.hpp"
#include "storage/run_check.hpp"
#include "storage/store.hpp"

#include <rocksdb/write_batch.h>

namespace argentum::storage {

/// What an open store starts from.
struct rocks_start {
  std::shared_ptr<rocks_db> db;
  store_state state;
  std::optional<import_record> import;
  stamp_samples samples;
  access_time clock = 1; ///< proxy
};
caf::expected<rocks_start> read_start(std::shared_ptr<rocks_db> db);

class rocks_store : public store {
 public:
  /// `span`: how far back stamps of entries are known.
  rocks_store(const rocks_start& start, std::shared_ptr<rocks_view> view, std::chrono::microseconds span);

  std::shared_ptr<const read_view> view() const override { return view_; }
  store_report report() const override { return report_of(state_, durable_); }
  caf::expected<void> adopt(instance_id id) override;
  std::optional<index_t> last_before(stamp_t when) const override { return samples_.last_before(when); }
  space_report space() const override;
  sync_work begin_sync() override;
  void end_sync(index_t upto, const caf::error& outcome) override;
  caf::expected<import_progress> import_state() const override;
  caf::expected<void> begin_import(const snapshot_header& header) override;
  caf::expected<void> import(const std::vector<snapshot_record>& records) override;
  caf::expected<void> finish_import() override;

 protected:
  /// Checks what every store checks; busy while an import is under way.
  caf::expected<checked_run> check_next(const std::vector<log_record>& records) const;
  /// Writes the batch and `next` as one, publishes it. `sync` makes all before it durable too. `stamps`: of the
  /// entries in it, up to that of `next`.
  caf::error commit(rocksdb::WriteBatch& batch, const store_state& next, bool sync,
                    const std::vector<stamp_t>& stamps = {});
  /// Writes what does not touch the state.
  caf::error write(rocksdb::WriteBatch& batch, bool sync);
  /// Data that is not in table files yet.
  struct unflushed {
    std::uint64_t records = 0; ///< of keys, that nothing has been begun for
    bool on_the_way = false;   ///< others are being written
  };
  unflushed in_memory() const;
  /// The step of upkeep by which it gets there.
  sweep_work begin_flush();

  const store_state& state() const noexcept { return state_; }
  const stamp_samples& samples() const noexcept { return samples_; }
  const std::shared_ptr<rocks_db>& db() const noexcept { return db_; }

 private:
  /// After a failed write, asks RocksDB to write again: it does once the disk has room.
  caf::error resume();

  std::shared_ptr<rocks_db> db_;
  std::shared_ptr<rocks_view> view_;
  store_state state_;
  index_t durable_ = 0;
  std::chrono::microseconds span_;
  stamp_samples samples_;
  std::optional<rocks_import> import_;
  caf::error failed_; ///< of the last write, until one succeeds
};

} // namespace argentum::storage
