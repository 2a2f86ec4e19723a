// SPDX-License-Identifier: Apache-2.0
// A store whose disk can be made to fail, and whose syncs are counted. Everything else is the wrapped store's.
#pragma once

#include "storage/passing_store.hpp"

namespace argentum::test {

/// Set by the test, read by the stores that share it.
struct disk_faults {
  errc apply = errc::none; ///< what apply and import answer, instead of doing it
  errc sync = errc::none;
  int synced_applies = 0;
  int syncs = 0;
};

class faulty_store final : public storage::passing_store {
 public:
  faulty_store(std::unique_ptr<storage::store> inner, std::shared_ptr<disk_faults> faults)
      : passing_store(std::move(inner)), faults_(std::move(faults)) {}

  caf::expected<void> apply(const std::vector<log_record>& records, bool sync, stamp_t history_from) override {
    if (faults_->apply != errc::none) return make_error(faults_->apply, "made to fail");
    if (sync) ++faults_->synced_applies;
    return inner().apply(records, sync, history_from);
  }
  sync_work begin_sync() override {
    return [faults = faults_, work = inner().begin_sync()] {
      if (faults->sync != errc::none) return make_error(faults->sync, "made to fail");
      ++faults->syncs;
      return work();
    };
  }
  caf::expected<void> import(const std::vector<snapshot_record>& records) override {
    if (faults_->apply != errc::none) return make_error(faults_->apply, "made to fail");
    return inner().import(records);
  }

 private:
  std::shared_ptr<disk_faults> faults_;
};

} // namespace argentum::test
