// SPDX-License-Identifier: Apache-2.0
// Turns a run of entries into one write batch for a replica's `default` and `mvcc`: each record that is replaced
// moves to the history as valid until the entry before. The old records of the whole run are read in one sorted
// MultiGet (Bloom filters keep it cheap for new keys), and changes of the same key by several entries of the run
// see each other through an overlay. What entries up to the horizon replace is not needed, so it is not read: a
// follower that catches up writes without reading.
#pragma once

#include "storage/record.hpp"
#include "storage/rocks_db.hpp"
#include "storage/run_check.hpp"

#include <rocksdb/write_batch.h>

#include <map>

namespace argentum::storage {

class replica_batch {
 public:
  /// The run's records must outlive it. `horizon` holds once the batch is written.
  replica_batch(const rocks_db& db, rocksdb::WriteBatch& batch, index_t horizon)
      : db_(db), batch_(batch), horizon_(horizon) {}

  /// diverged if the root saw another state of a key than this store, where that is read; the batch is then void.
  caf::error add(const std::vector<versioned_mutation>& mutations);

 private:
  /// What a key holds after the entries so far.
  struct held {
    bool read = false; ///< what it was before the run matters
    bool exists = false;
    bool live = false;
    index_t version = 0;
    std::string head;           ///< record up to the value
    std::string_view tail;      ///< rest of the record: in an entry or in old_
    std::string_view replaced;  ///< the record before the run, if an entry has replaced it
    index_t replaced_until = 0; ///< where it was valid last
  };

  caf::error read_old(const std::vector<versioned_mutation>& mutations);
  caf::error change(const versioned_mutation& mutation);
  /// Moves what the key holds to the history, in key order where that is possible.
  caf::error keep(std::string_view key, held& item, index_t until);
  caf::error write(std::string_view key, const held& item);
  caf::error put(rocksdb::ColumnFamilyHandle* family, std::string_view key, std::string_view head,
                 std::string_view tail);

  const rocks_db& db_;
  rocksdb::WriteBatch& batch_;
  index_t horizon_;
  std::vector<rocksdb::PinnableSlice> old_;
  std::map<std::string_view, held> keys_; ///< in order: memtables take neighbours faster
};

} // namespace argentum::storage
