// SPDX-License-Identifier: Apache-2.0
// What every kind of store refuses, in the same words.
#pragma once

#include "messages/entry_codec.hpp"
#include "messages/error.hpp"
#include "storage/store_state.hpp"

namespace argentum::storage {

/// No error: the id may be taken over or is the same. invalid if it is all zero, wrong_instance if it is another.
caf::error check_adoption(const store_state& state, instance_id id);

/// What a replica holds of a key when an entry comes to change it.
struct known_record {
  bool exists = false; ///< live or tombstone
  bool live = false;
  index_t version = 0;
};

/// diverged if the root saw another state of the key than this one; corrupt if an entry changes it twice.
caf::error check_mutation(const known_record& old, mutation_kind kind, index_t version);

/// No error: an import of `header` may start, or go on. invalid if the store has data or another import.
caf::error check_import_start(const store_state& state, const std::optional<import_record>& running,
                              const snapshot_header& header);

/// Counts the next record: false if it is the last one once more, which a resumed copy may repeat. corrupt if keys
/// don't ascend or the version is above the snapshot's index.
caf::expected<bool> count_import(import_record& import, const snapshot_record& record);

/// corrupt if the number of keys is not what the header says.
caf::error check_import_end(const import_record& import);

/// What import_state tells of it.
import_progress progress_of(const std::optional<import_record>& running);

/// wrong_role on a proxy; invalid above the position.
caf::error check_horizon(const store_state& state, index_t horizon);

} // namespace argentum::storage
