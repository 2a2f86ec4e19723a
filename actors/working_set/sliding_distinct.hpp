// SPDX-License-Identifier: Apache-2.0
// Distinct hashes of the last minutes, hours or days: one sketch for each slot of time, merged for a question.
// A slot in which nothing was seen takes no memory.
#pragma once

#include "actors/wake_up.hpp"
#include "actors/working_set/hyper_log_log.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>

namespace argentum::actors {

class sliding_distinct {
 public:
  explicit sliding_distinct(std::chrono::seconds slot_length) : slot_(slot_length) {}

  void add(std::uint64_t hash, time_point now);
  /// Drops the slots that ended before `then`.
  void forget_before(time_point then);
  /// Adds to `into` the slots behind that of `after`, up to that of `until`: a slot counts as a whole.
  void merge_into(hyper_log_log& into, time_point after, time_point until) const;
  std::size_t bytes() const noexcept { return slots_.size() * sizeof(hyper_log_log); }

 private:
  struct slot {
    std::int64_t number = 0;
    std::unique_ptr<hyper_log_log> seen;
  };
  std::int64_t number_of(time_point at) const { return at.time_since_epoch() / slot_; }

  std::chrono::seconds slot_;
  std::deque<slot> slots_; ///< oldest first
};

} // namespace argentum::actors
