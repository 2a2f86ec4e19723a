// SPDX-License-Identifier: Apache-2.0
// Rules about a log that hold for every kind of store: whom it can serve, and where retention cuts it. How an entry
// is looked up is handed in.
#pragma once

#include "storage/store.hpp"
#include "storage/store_state.hpp"

#include <functional>

namespace argentum::storage {

/// Can a downstream at `from` be served? `logged` gives the position of an entry inside the log.
caf::expected<position_check> judge_position(const position& from, const store_state& state,
                                             const std::function<caf::expected<position>(index_t)>& logged);

/// What the retention rule asks about the log.
struct log_sizes {
  std::function<caf::expected<stamp_t>(index_t)> stamp_of;          ///< of one entry inside the log
  std::function<caf::expected<std::uint64_t>(index_t)> bytes_after; ///< of all entries after one
};

/// The entry to cut after: everything up to it may go; the log's base if there is nothing to do. Found by binary
/// search, so stamps must not decrease along the log. Cuts only when at least a sixteenth of the log goes at once,
/// so that periodic calls don't leave a trail of range tombstones.
caf::expected<index_t> find_cut(const store_state& state, const log_retention& keep, index_t keep_after,
                                const log_sizes& log);

/// invalid if `after` is above the head, log_truncated if it is below the base.
caf::error check_log_start(const store_state& state, index_t after);

} // namespace argentum::storage
