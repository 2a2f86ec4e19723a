// SPDX-License-Identifier: Apache-2.0
// A store in ordered maps, of either role: the model that the stores on disk are compared with, and what simulated
// nodes use. Simple before fast; views share a lock with the writer.
#pragma once

#include "storage/memory_image.hpp"
#include "storage/run_check.hpp"
#include "storage/store.hpp"
#include "storage/window.hpp"

namespace argentum::storage {

class memory_store final : public store {
 public:
  /// `image` holds the data and says the role. `history`: how far back last_before is asked.
  memory_store(std::shared_ptr<memory_image> image, window_limits window,
               std::chrono::microseconds history = limits::history_span);

  std::shared_ptr<const read_view> view() const override;
  store_report report() const override;
  caf::expected<void> adopt(instance_id id) override;
  caf::expected<void> apply(const std::vector<log_record>& records, bool sync, stamp_t history_from) override;
  sync_work begin_sync() override;
  void end_sync(index_t, const caf::error&) override {} // the work itself has told the image
  caf::expected<record_run> read_log(index_t after, std::size_t bytes_max) const override;
  caf::expected<void> truncate_log(const log_retention& keep, index_t keep_after) override;
  caf::expected<bool> fill(std::string_view key, index_t version, std::string_view value) override;
  caf::expected<bool> evict(std::string_view key) override;
  std::optional<index_t> last_before(stamp_t when) const override;
  caf::expected<void> set_horizon(index_t horizon) override;
  space_report space() const override;
  access_ages ages() const override;
  void pass_time(std::chrono::milliseconds elapsed) override;
  sweep_work begin_evict(access_time cut) override;
  sweep_work begin_collect(index_t overdue) override;
  caf::expected<std::unique_ptr<store_export>> open_export(instance_role reader) const override;
  caf::expected<import_progress> import_state() const override;
  caf::expected<void> begin_import(const snapshot_header& header) override;
  caf::expected<void> import(const std::vector<snapshot_record>& records) override;
  caf::expected<void> finish_import() override;

 private:
  bool is_replica() const noexcept { return image_->state.role == instance_role::replica; }
  store_state after(const checked_run& run, stamp_t history_from) const;
  caf::error add(const log_record& record, std::span<const versioned_mutation> mutations, index_t horizon);
  caf::error change(const versioned_mutation& mutation, shared_bytes value, index_t horizon);
  index_t floor() const;
  const memory_log_item& logged(index_t index) const;

  std::shared_ptr<memory_image> image_;
  std::shared_ptr<const read_view> view_;
  window_limits window_;
  std::chrono::microseconds history_;
};

} // namespace argentum::storage
