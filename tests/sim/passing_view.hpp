// SPDX-License-Identifier: Apache-2.0
// A view that passes everything on; planted bugs override one function.
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
  caf::expected<std::unique_ptr<storage::multi_read>> begin_multi_get(std::span<const std::string_view> keys,
                                                                      std::size_t bytes_max) const override {
    return inner_->begin_multi_get(keys, bytes_max);
  }
  caf::expected<lookup_answer> read_at(std::string_view key, index_t at) const override {
    return inner_->read_at(key, at);
  }
  caf::expected<position_check> check(const position& from) const override { return inner_->check(from); }
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

} // namespace argentum::test
