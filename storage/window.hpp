// SPDX-License-Identifier: Apache-2.0
// The window of a proxy: the most recent entries, whose values are never evicted, because the replicas that could
// answer for them may not have reached them yet. An entry is inside while it is among the last `entries`, or while
// the newest stamp is less than `span` above its own.
//
// Stamps are sampled (stamp_samples.hpp), so the rule needs no memory per entry; between two samples it errs on the
// side of a larger window. Samples are stored along with the entries, so a restart does not change it.
#pragma once

#include "messages/limits.hpp"
#include "storage/stamp_samples.hpp"

namespace argentum::storage {

struct window_limits {
  std::chrono::microseconds span = limits::window_span;
  index_t entries = limits::window_entries;
};

/// Versions above it are inside, when `head`, stamped `newest`, is the last entry.
index_t window_floor(const window_limits& limits, const stamp_samples& samples, index_t head,
                     stamp_t newest) noexcept;

} // namespace argentum::storage
