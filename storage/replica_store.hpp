// SPDX-License-Identifier: Apache-2.0
// A replica on disk: all keys and values, their history down to the horizon, and the log. See README.md for the
// column families.
#pragma once

#include "storage/entry_log.hpp"
#include "storage/rocks_store.hpp"

namespace argentum::storage {

class replica_store final : public rocks_store {
 public:
  /// `history`: how far back last_before reaches.
  explicit replica_store(const rocks_start& start, std::chrono::microseconds history = limits::history_span);

  caf::expected<void> apply(const std::vector<log_record>& records, bool sync, stamp_t history_from) override;
  caf::expected<record_run> read_log(index_t after, std::size_t bytes_max) const override;
  caf::expected<void> truncate_log(const log_retention& keep, index_t keep_after) override;
  caf::expected<bool> fill(std::string_view key, index_t version, std::string_view value) override;
  caf::expected<bool> evict(std::string_view key) override;
  void end_sync(index_t upto, const caf::error& outcome) override;
  sync_work begin_sync() override;
  caf::expected<void> set_horizon(index_t horizon) override;
  access_ages ages() const override;
  void pass_time(std::chrono::milliseconds elapsed) override;
  sweep_work begin_evict(access_time cut) override;
  sweep_work begin_collect(index_t overdue) override;
  caf::expected<std::unique_ptr<store_export>> open_export(instance_role reader) const override;

 private:
  /// The horizon is durable, so what it lets go may go.
  void announce_horizon(index_t durable) noexcept { db()->bounds().horizon = durable; }

  entry_log log_;
  index_t syncing_horizon_ = 0;
  index_t flushed_ = 0; ///< history that is valid up to here, or less, is in files
};

} // namespace argentum::storage
