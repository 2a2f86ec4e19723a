// SPDX-License-Identifier: Apache-2.0
// The window of a proxy: the most recent entries, whose values are never evicted, because the replicas that could
// answer for them may not have reached them yet. An entry is inside while it is among the last `entries`, or while
// the newest stamp is less than `span` above its own.
//
// Stamps are sampled, at most one per span/128, so the rule needs no memory per entry; between two samples it errs
// on the side of a larger window. It lives in memory: at open, all that is there counts as stamped like the newest
// entry, so nothing leaves by age before the stamps have moved on by a whole span.
#pragma once

#include "messages/limits.hpp"
#include "messages/types.hpp"

#include <deque>

namespace argentum::storage {

struct window_limits {
  std::chrono::microseconds span = limits::window_span;
  index_t entries = limits::window_entries;
};

/// Pure rule; one thread.
class window {
 public:
  /// A store that is open at this entry, with all before it of unknown age.
  window(window_limits limits, index_t head, stamp_t newest);

  /// An entry was applied.
  void note(index_t index, stamp_t stamp);

  window_limits limits() const noexcept { return limits_; }
  /// Versions above it are inside.
  index_t floor() const noexcept;
  bool inside(index_t version) const noexcept { return version > floor(); }

 private:
  struct sample {
    index_t index = 0;
    stamp_t stamp;
  };
  void age();

  window_limits limits_;
  index_t head_ = 0;
  stamp_t newest_;
  index_t aged_ = 0; ///< entries up to here are older than the span
  std::deque<sample> samples_;
};

} // namespace argentum::storage
