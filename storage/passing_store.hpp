// SPDX-License-Identifier: Apache-2.0
// A store that passes everything on to another: what stands between an actor and its store (the simulation's disk,
// a disk that fails in a test) overrides the functions it is about.
#pragma once

#include "storage/store.hpp"

#include <utility>

namespace argentum::storage {

class passing_store : public store {
 public:
  explicit passing_store(std::unique_ptr<store> inner) : inner_(std::move(inner)) {}
  std::shared_ptr<const read_view> view() const override { return inner_->view(); }
  store_report report() const override { return inner_->report(); }
  caf::expected<void> adopt(instance_id id) override { return inner_->adopt(id); }
  caf::expected<void> apply(const std::vector<log_record>& records, bool sync, stamp_t history_from) override {
    return inner_->apply(records, sync, history_from);
  }
  sync_work begin_sync() override { return inner_->begin_sync(); }
  void end_sync(index_t upto, const caf::error& outcome) override { inner_->end_sync(upto, outcome); }
  caf::expected<record_run> read_log(index_t after, std::size_t bytes_max) const override {
    return inner_->read_log(after, bytes_max);
  }
  caf::expected<void> truncate_log(const log_retention& keep, index_t keep_after) override {
    return inner_->truncate_log(keep, keep_after);
  }
  caf::expected<bool> fill(std::string_view key, index_t version, std::string_view value) override {
    return inner_->fill(key, version, value);
  }
  caf::expected<bool> evict(std::string_view key) override { return inner_->evict(key); }
  std::optional<index_t> last_before(stamp_t when) const override { return inner_->last_before(when); }
  caf::expected<void> set_horizon(index_t horizon) override { return inner_->set_horizon(horizon); }
  space_report space() const override { return inner_->space(); }
  access_ages ages() const override { return inner_->ages(); }
  void pass_time(std::chrono::milliseconds elapsed) override { inner_->pass_time(elapsed); }
  sweep_work begin_evict(access_time cut) override { return inner_->begin_evict(cut); }
  sweep_work begin_collect(index_t overdue) override { return inner_->begin_collect(overdue); }
  caf::expected<std::unique_ptr<store_export>> open_export(instance_role reader) const override {
    return inner_->open_export(reader);
  }
  caf::expected<import_progress> import_state() const override { return inner_->import_state(); }
  caf::expected<void> begin_import(const snapshot_header& header) override { return inner_->begin_import(header); }
  caf::expected<void> import(const std::vector<snapshot_record>& records) override {
    return inner_->import(records);
  }
  caf::expected<void> finish_import() override { return inner_->finish_import(); }

 protected:
  store& inner() const noexcept { return *inner_; }

 private:
  std::unique_ptr<store> inner_;
};

} // namespace argentum::storage
