// SPDX-License-Identifier: Apache-2.0
// Turns a run of entries into one write batch for a replica's `default` and `mvcc`: each record that is replaced
// moves to the history as valid until the entry before. The old records of the whole run are read in one sorted
// MultiGet (Bloom filters keep it cheap for new keys), and changes of the same key by several entries of the run
// see each other through an overlay.
#pragma once

#include "storage/record.hpp"
#include "storage/rocks_db.hpp"
#include "storage/run_check.hpp"

#include <rocksdb/write_batch.h>

#include <unordered_map>

namespace argentum::storage {

class replica_batch {
 public:
  /// The run's records must outlive it.
  replica_batch(const rocks_db& db, rocksdb::WriteBatch& batch) : db_(db), batch_(batch) {}

  /// diverged if the root saw another state of a key than this store; the batch is then void.
  caf::error add(const std::vector<versioned_mutation>& mutations);

 private:
  /// What a key holds after the entries so far.
  struct held {
    bool exists = false;
    bool live = false;
    index_t version = 0;
    std::string head;      ///< record up to the value
    std::string_view tail; ///< rest of the record: in an entry or in old_
  };

  caf::error read_old(const std::vector<versioned_mutation>& mutations);
  caf::error change(const versioned_mutation& mutation);
  caf::error put(rocksdb::ColumnFamilyHandle* family, std::string_view key, const held& record);

  const rocks_db& db_;
  rocksdb::WriteBatch& batch_;
  std::vector<rocksdb::Slice> keys_; ///< sorted, each once
  std::vector<rocksdb::PinnableSlice> old_;
  std::unordered_map<std::string_view, held> held_;
};

} // namespace argentum::storage
