// SPDX-License-Identifier: Apache-2.0
// A consistent copy of a replica on disk, read under one snapshot. Each read opens its own iterator, so that an
// export whose reader has gone silent holds no memtables and blocks.
#pragma once

#include "storage/rocks_db.hpp"
#include "storage/store.hpp"

namespace argentum::storage {

class rocks_export final : public store_export {
 public:
  static caf::expected<std::unique_ptr<store_export>> open(std::shared_ptr<rocks_db> db, instance_role reader);

  const snapshot_header& header() const noexcept override { return header_; }
  caf::expected<snapshot_chunk> read(std::string_view after, bool from_start, std::size_t bytes_max) override;

 private:
  rocks_export(std::shared_ptr<rocks_db> db, instance_role reader);

  std::shared_ptr<rocks_db> db_;
  rocks_snapshot snapshot_;
  instance_role reader_;
  snapshot_header header_;
};

} // namespace argentum::storage
