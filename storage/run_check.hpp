// SPDX-License-Identifier: Apache-2.0
// Decides whether a run of log records is what comes next, before a store changes anything: order, epoch, chain and
// form of every entry. The same rule for every kind of store.
#pragma once

#include "messages/entry_codec.hpp"
#include "messages/error.hpp"
#include "storage/store_state.hpp"

#include <span>
#include <vector>

namespace argentum::storage {

/// One change of one key. Points into the records that were checked.
struct versioned_mutation {
  index_t version = 0; ///< index of its entry
  mutation_view what;
};

struct checked_run {
  position applied;        ///< after the last entry
  stamp_t stamp;           ///< of the last entry
  std::uint64_t key_count; ///< live keys afterwards, as the root's creates and removes tell
  std::vector<versioned_mutation> mutations;
  std::vector<stamp_t> stamps; ///< of each entry, the last one's at the end

  /// The last entry stamped before `when`; 0 if there is none in the run.
  index_t last_before(stamp_t when) const;
};

/// out_of_order: not the next index. diverged: another chain, an epoch that was left behind, or more removes than
/// there are keys. corrupt: bytes that don't decode or speak of another index.
caf::expected<checked_run> check_run(const store_state& before, const std::vector<log_record>& records);

} // namespace argentum::storage
