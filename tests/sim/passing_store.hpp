// SPDX-License-Identifier: Apache-2.0
// A store and a view that pass everything on; planted bugs override one function.
#pragma once

#include "storage/store.hpp"

namespace argentum::test {

class passing_view : public storage::read_view {
 public:
  explicit passing_view(std::shared_ptr<const storage::read_view> inner) : inner_(std::move(inner)) {}
  index_t applied() const noexcept override { return inner_->applied(); }
  index_t horizon() const noexcept override { return inner_->horizon(); }
  std::uint64_t key_count() const noexcept override { return inner_->key_count(); }
  caf::expected<storage::read_answer> get(std::string_view key, std::string& value) const override {
    return inner_->get(key, value);
  }
  caf::expected<index_t> multi_get(std::span<const std::string_view> keys, std::size_t bytes_max,
                                   std::vector<storage::read_record>& out) const override {
    return inner_->multi_get(keys, bytes_max, out);
  }
  caf::expected<lookup_answer> read_at(std::string_view key, index_t at) const override {
    return inner_->read_at(key, at);
  }
  caf::expected<index_t> page(const page_request& request, std::vector<storage::read_record>& out) const override {
    return inner_->page(request, out);
  }
  caf::expected<storage::store_digest> digest(const storage::stop_check& stop) const override {
    return inner_->digest(stop);
  }

 protected:
  const storage::read_view& inner() const noexcept { return *inner_; }

 private:
  std::shared_ptr<const storage::read_view> inner_;
};

class passing_store : public storage::store {
 public:
  explicit passing_store(std::unique_ptr<storage::store> inner) : inner_(std::move(inner)) {}
  std::shared_ptr<const storage::read_view> view() const override { return inner_->view(); }
  store_report report() const override { return inner_->report(); }
  caf::expected<void> adopt(instance_id id) override { return inner_->adopt(id); }
  caf::expected<void> apply(const std::vector<log_record>& records, bool sync) override {
    return inner_->apply(records, sync);
  }
  caf::expected<void> sync() override { return inner_->sync(); }
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
    return inner_->import(records);
  }
  caf::expected<void> finish_import() override { return inner_->finish_import(); }

 protected:
  storage::store& inner() const noexcept { return *inner_; }

 private:
  std::unique_ptr<storage::store> inner_;
};

} // namespace argentum::test
