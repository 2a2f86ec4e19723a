// SPDX-License-Identifier: Apache-2.0
// Client reads that wait for values: collects the values of one fetch_command, which arrive in any order, answers
// when the last is there, and knows the deadlines. All fetches have the same time to live, so they expire in the
// order in which they came. The values that it holds are bounded: for each fetch, as the fetch says, and in all.
#pragma once

#include "messages/write.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace argentum::actors {

using fetch_id = std::uint64_t;
using miss_id = std::uint64_t;

class pending_fetches {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Bytes of values held over all fetches.
  explicit pending_fetches(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// At least one item. Deadlines of later calls must not be earlier.
  fetch_id add(fetch_command& command, time_point deadline);
  /// Says which miss value `slot` waits for.
  void wait(fetch_id id, std::size_t slot, miss_id miss);
  /// Value `slot` is here; the last one answers the reader. Nothing happens if the fetch is gone. An error says
  /// that its values have become too many (too_large) or those of all fetches (overloaded): it must `fail` now.
  caf::error fill(fetch_id id, std::size_t slot, std::string value);
  /// Answers with an error. What it still waited for, one per slot.
  std::vector<miss_id> fail(fetch_id id, const caf::error& reason);
  /// The oldest fetch whose deadline has come; it stays until `fail`.
  std::optional<fetch_id> expired(time_point now) const;
  /// The misses that a fetch still waits for.
  std::vector<miss_id> open_misses(fetch_id id) const;

  /// Values waited for, over all fetches.
  std::size_t waiting() const noexcept { return waiting_; }
  bool empty() const noexcept { return fetches_.empty(); }

 private:
  struct fetch {
    reply_to<std::vector<std::string>> reply;
    std::vector<std::string> values;
    std::vector<miss_id> misses; ///< 0 = value is here
    std::size_t missing = 0;
    std::size_t bytes = 0; ///< of the values that are here
    std::size_t bytes_max = 0;
  };
  using fetch_map = std::unordered_map<fetch_id, fetch>;
  void drop(fetch_map::iterator it);

  fetch_id next_ = 1;
  std::size_t bytes_max_;
  std::size_t bytes_ = 0; ///< of all fetches
  std::size_t waiting_ = 0;
  fetch_map fetches_;
  std::deque<std::pair<time_point, fetch_id>> deadlines_;
};

} // namespace argentum::actors
