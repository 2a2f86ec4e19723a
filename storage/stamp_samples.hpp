// SPDX-License-Identifier: Apache-2.0
// Which entry was stamped when, without a look at the log: pairs of index and stamp, at most one per 1/128 of a
// span, for as far back as the span reaches and the one before. Whoever asks errs towards older entries.
#pragma once

#include "messages/types.hpp"

#include <deque>
#include <optional>

namespace argentum::storage {

struct stamp_sample {
  index_t index = 0;
  stamp_t stamp;
  friend bool operator==(const stamp_sample&, const stamp_sample&) = default;
};

/// Pure rule; one thread.
class stamp_samples {
 public:
  stamp_samples() = default;
  explicit stamp_samples(std::deque<stamp_sample> samples) : samples_(std::move(samples)) {}

  /// The next entry: kept if the last one that was is older by enough; then the oldest may go.
  void note(stamp_sample entry, std::chrono::microseconds span);
  bool wants(stamp_t stamp, std::chrono::microseconds span) const noexcept;

  /// The newest that is stamped before `when`.
  std::optional<index_t> last_before(stamp_t when) const noexcept;

  const std::deque<stamp_sample>& all() const noexcept { return samples_; }

 private:
  std::deque<stamp_sample> samples_; ///< both parts ascend
};

} // namespace argentum::storage
