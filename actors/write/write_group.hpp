// SPDX-License-Identifier: Apache-2.0
// Group commit: the writes that arrive while a group is being committed form the next one, so that one sync serves
// them all. Groups are bounded by limits::group_bytes_max and group_entries_max; what is more waits in a further
// one.
#pragma once

#include "messages/entry.hpp"
#include "messages/write.hpp"

#include <deque>

namespace argentum::actors {

/// Entries committed together, and who waits for them.
struct write_group {
  struct waiting {
    reply_to<write_result> reply;
    write_result result;
  };
  std::vector<log_record> records;
  std::vector<waiting> replies; ///< of the entries and of writes that changed nothing but rest on them
  std::size_t bytes = 0;        ///< of the records
  std::size_t held_bytes = 0;   ///< records and the overlay's copy of their values

  void answer();
  void answer(const caf::error& reason);
};

/// Gives entries their place: index, stamp, chain.
class group_queue {
 public:
  struct bounds {
    std::size_t bytes_max = 0;
    std::size_t entries_max = 0;
  };
  explicit group_queue(bounds limits) : limits_(limits) {}

  /// Where the log stands. The queue must be empty.
  void start_at(position where, stamp_t stamp);
  /// Encodes the next entry; its index. The mutations stay the caller's.
  index_t add(const std::vector<mutation>& mutations, stamp_t wall_now, std::size_t bytes_max);

  bool empty() const noexcept { return groups_.empty(); }

 private:
  bounds limits_;
  std::deque<write_group> groups_;
};

} // namespace argentum::actors
