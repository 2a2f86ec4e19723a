// SPDX-License-Identifier: Apache-2.0
// Reads a memory store. Readers share the image's lock, so each answer is of one index.
#pragma once

#include "storage/memory_image.hpp"
#include "storage/store.hpp"

namespace argentum::storage {

class memory_view final : public read_view {
 public:
  explicit memory_view(std::shared_ptr<const memory_image> image) : image_(std::move(image)) {}

  index_t applied() const noexcept override;
  index_t horizon() const noexcept override;
  std::uint64_t key_count() const noexcept override;
  caf::expected<read_answer> get(std::string_view key, std::string& value) const override;
  caf::expected<index_t> multi_get(std::span<const std::string_view> keys, std::size_t bytes_max,
                                   std::vector<read_record>& out) const override;
  caf::expected<std::unique_ptr<multi_read>> begin_multi_get(std::span<const std::string_view> keys,
                                                             std::size_t bytes_max) const override;
  caf::expected<lookup_answer> read_at(std::string_view key, index_t at) const override;
  caf::expected<position_check> check(const position& from) const override;
  caf::expected<index_t> page(const page_request& request, std::vector<read_record>& out) const override;
  caf::expected<store_digest> digest(const stop_check& stop) const override;

 private:
  lookup_answer replica_read_at(std::string_view key, index_t at) const;
  lookup_answer proxy_read_at(std::string_view key, index_t at) const;

  std::shared_ptr<const memory_image> image_;
};

} // namespace argentum::storage
