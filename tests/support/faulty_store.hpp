// SPDX-License-Identifier: Apache-2.0
// A store whose disk can be made to fail, and whose syncs are counted. Everything else is the wrapped store's.
#pragma once

#include "storage/store.hpp"

namespace argentum::test {

/// Set by the test, read by the stores that share it.
struct disk_faults {
  errc apply = errc::none; ///< what apply and import answer, instead of doing it
  errc sync = errc::none;
  int synced_applies = 0;
  int syncs = 0;
};

class faulty_store final : public storage::store {
 public:
  faulty_store(std::unique_ptr<storage::store> inner, std::shared_ptr<disk_faults> faults)
      : inner_(std::move(inner)), faults_(std::move(faults)) {}

  std::shared_ptr<const storage::read_view> view() const override { return inner_->view(); }
  store_report report() const override { return inner_->report(); }
  caf::expected<void> adopt(instance_id id) override { return inner_->adopt(id); }
  caf::expected<void> apply(const std::vector<log_record>& records, bool sync) override {
    if (faults_->apply != errc::none) return make_error(faults_->apply, "made to fail");
    if (sync) ++faults_->synced_applies;
    return inner_->apply(records, sync);
  }
  caf::expected<void> sync() override {
    if (faults_->sync != errc::none) return make_error(faults_->sync, "made to fail");
    ++faults_->syncs;
    return inner_->sync();
  }
  caf::expected<position_check> check(const position& from) const override { return inner_->check(from); }
  caf::expected<record_run> read_log(index_t after, std::size_t bytes_max) const override {
    return inner_->read_log(after, bytes_max);
  }
  caf::expected<void> truncate_log(const storage::log_retention& keep, index_t keep_after) override {
    return inner_->truncate_log(keep, keep_after);
  }
  caf::expected<bool> fill(std::string_view key, index_t version, std::string_view value) override {
    return inner_->fill(key, version, value);
  }
  caf::expected<bool> evict(std::string_view key) override { return inner_->evict(key); }
  caf::expected<void> set_horizon(index_t horizon) override { return inner_->set_horizon(horizon); }
  caf::expected<std::unique_ptr<storage::store_export>> open_export(instance_role reader) const override {
    return inner_->open_export(reader);
  }
  caf::expected<import_progress> import_state() const override { return inner_->import_state(); }
  caf::expected<void> begin_import(const snapshot_header& header) override { return inner_->begin_import(header); }
  caf::expected<void> import(const std::vector<snapshot_record>& records) override {
    if (faults_->apply != errc::none) return make_error(faults_->apply, "made to fail");
    return inner_->import(records);
  }
  caf::expected<void> finish_import() override { return inner_->finish_import(); }

 private:
  std::unique_ptr<storage::store> inner_;
  std::shared_ptr<disk_faults> faults_;
};

} // namespace argentum::test
