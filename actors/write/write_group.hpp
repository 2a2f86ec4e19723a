// SPDX-License-Identifier: Apache-2.0
// Group commit: the writes that arrive while a group is being committed form the next one, so that one sync serves
// them all. Groups are bounded by limits::group_bytes_max and group_entries_max; what is more waits in a further
// one.
#pragma once

#include "messages/entry.hpp"
#include "messages/write.hpp"

#include <deque>
#include <optional>
#include <vector>

namespace argentum::actors {

/// Entries committed together, and who waits for them.
struct write_group {
  struct waiting {
    reply_to<write_result> reply;
    write_result result;
  };
  std::vector<log_record> records; ///< handed to the store by `take`
  index_t last = 0;                ///< index of the last record
  std::size_t entries = 0;
  std::vector<waiting> replies; ///< of the entries, and of writes that change nothing but rest on them
  std::size_t bytes = 0;        ///< of the records
  std::size_t held_bytes = 0;   ///< the records, the overlay's copy of their values, and the replies

  /// Hands the results out.
  void answer();
  void answer(const caf::error& reason) const;
};

/// Gives entries their place (index, stamp, chain) and gathers them into groups, first come first committed.
class group_queue {
 public:
  struct bounds {
    std::size_t bytes_max = 0; ///< of a group; a single larger entry is a group of its own
    std::size_t entries_max = 0;
  };
  explicit group_queue(bounds limits) : limits_(limits) {}

  /// Where the log stands; forgets all groups.
  void start_at(position where, stamp_t stamp);
  /// Encodes the next entry and appends it; its index. Nothing, and nothing changed, if it is above `bytes_max`.
  std::optional<index_t> add(const std::vector<mutation>& mutations, stamp_t wall_now, std::size_t bytes_max);
  /// `reply` gets `result` when the queued or taken entry `result.index` is committed. The index must be pending.
  void await(reply_to<write_result> reply, write_result result);

  bool empty() const noexcept { return groups_.empty(); }
  write_group& front() { return groups_.front(); }
  /// Closes the oldest group and hands out its records; it stays until `pop`.
  record_run take();
  void pop();
  /// Answers everybody with `reason` and forgets all groups.
  void fail(const caf::error& reason);
  /// Memory held by all groups.
  std::size_t held_bytes() const noexcept { return held_bytes_; }

 private:
  write_group& open_group(std::size_t entry_bytes);

  bounds limits_;
  std::deque<write_group> groups_;
  bool front_closed_ = false;
  std::size_t held_bytes_ = 0;
  position last_;
  stamp_t last_stamp_;
};

} // namespace argentum::actors
