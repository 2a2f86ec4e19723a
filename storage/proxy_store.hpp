// SPDX-License-Identifier: Apache-2.0
// A proxy on disk: every key with its version, and the values that are in the window or cached. A hit, an absence
// and a miss are one lookup each. It has no log and no history, and never reads to apply: the entries themselves
// tell whether a key is new.
#pragma once

#include "storage/rocks_store.hpp"
#include "storage/window.hpp"

namespace argentum::storage {

class proxy_store final : public rocks_store {
 public:
  proxy_store(const rocks_start& start, window_limits window);

  caf::expected<void> apply(const std::vector<log_record>& records, bool sync, stamp_t history_from) override;
  caf::expected<record_run> read_log(index_t after, std::size_t bytes_max) const override;
  caf::expected<void> truncate_log(const log_retention& keep, index_t keep_after) override;
  caf::expected<bool> fill(std::string_view key, index_t version, std::string_view value) override;
  caf::expected<bool> evict(std::string_view key) override;
  caf::expected<void> set_horizon(index_t horizon) override;
  space_report space() const override;
  access_ages ages() const override;
  void pass_time(std::chrono::milliseconds elapsed) override;
  sweep_work begin_evict(access_time cut) override;
  sweep_work begin_collect(index_t overdue) override;
  caf::expected<std::unique_ptr<store_export>> open_export(instance_role reader) const override;

 private:
  /// Reads the record of a key; `bytes` holds what it points to.
  caf::expected<std::optional<record_view>> find(std::string_view key, rocksdb::PinnableSlice& bytes) const;
  caf::error put(rocksdb::WriteBatch& batch, std::string_view key, const record_view& record) const;

  index_t floor() const noexcept;
  void announce_floor() noexcept { db()->bounds().floor = floor(); }

  window_limits window_;
  std::chrono::milliseconds access_rest_{0}; ///< of the access clock's next second
  access_time stored_clock_;
};

} // namespace argentum::storage
