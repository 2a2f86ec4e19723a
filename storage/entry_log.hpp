// SPDX-License-Identifier: Apache-2.0
// The log of a replica: column family `log`, key log_key(index), record = u64 chain (little-endian) | encoded
// entry.
#pragma once

#include "storage/log_rules.hpp"
#include "storage/rocks_db.hpp"

#include <rocksdb/write_batch.h>

namespace argentum::storage {

/// Reads and cuts the log; holds no state of its own. Cuts are its store's; reads are for any thread.
class entry_log {
 public:
  explicit entry_log(const rocks_db& db) : db_(db) {}

  caf::error append(rocksdb::WriteBatch& batch, const log_record& record) const;
  /// Where the log stands after that entry, which must be in it.
  caf::expected<position> position_of(index_t index) const;
  caf::expected<stamp_t> stamp_of(index_t index) const;
  /// Bytes of the entries after `index` as they lie on disk, compressed, and in memtables: an estimate to about one
  /// block (32 KiB) a table file.
  caf::expected<std::uint64_t> bytes_after(index_t index) const;
  /// The entries after `after`, which is inside the log and not its head; at least one, about `bytes_max`.
  caf::expected<record_run> read(index_t after, index_t head, std::size_t bytes_max) const;
  /// Drops all up to `last`, first in the batch that also moves the base.
  caf::error cut(rocksdb::WriteBatch& batch, index_t last) const;
  /// Then, after that batch is durable, gives whole files back to the disk at once.
  caf::error free_files(index_t last) const;

 private:
  caf::expected<std::string> bytes_of(index_t index) const;

  const rocks_db& db_;
};

} // namespace argentum::storage
