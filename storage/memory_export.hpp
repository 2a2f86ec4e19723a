// SPDX-License-Identifier: Apache-2.0
// A copy of a memory replica's live keys at one index. Values are shared with the store, not copied.
#pragma once

#include "storage/memory_image.hpp"
#include "storage/store.hpp"

namespace argentum::storage {

class memory_export final : public store_export {
 public:
  /// The caller holds the image's lock.
  memory_export(const memory_image& image, instance_role reader);

  const snapshot_header& header() const noexcept override { return header_; }
  caf::expected<snapshot_chunk> read(std::string_view after, bool from_start, std::size_t bytes_max) override;

 private:
  snapshot_header header_;
  instance_role reader_;
  std::map<std::string, memory_record, std::less<>> records_; ///< live ones
};

} // namespace argentum::storage
