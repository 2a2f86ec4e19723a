// SPDX-License-Identifier: Apache-2.0
// The most recent entries of a log in memory, so that downstreams that are level never touch the disk. Large runs
// are cut once into pieces of a batch's size, which all downstreams then share without copying.
#pragma once

#include "messages/entry.hpp"

#include <deque>

namespace argentum::actors {

struct batch_bounds {
  std::size_t bytes_max = 0;
  std::size_t entries_max = 0;
};

/// The run in pieces within the bounds, each of at least one entry; the run itself, uncopied, if it fits.
std::vector<record_run> cut_run(const record_run& run, const batch_bounds& bounds);

class log_tail {
 public:
  log_tail(std::size_t bytes_max, batch_bounds batch) : bytes_max_(bytes_max), batch_(batch) {}

  /// A run that does not continue the tail restarts it.
  void push(const record_run& run);
  void clear();
  /// The entries after `after`, at most a batch; null if the tail does not hold the next one.
  record_run slice(index_t after) const;
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  struct piece {
    record_run run;
    std::size_t bytes = 0;
  };
  std::size_t bytes_max_;
  batch_bounds batch_;
  std::deque<piece> pieces_; ///< consecutive
  std::size_t bytes_ = 0;
};

} // namespace argentum::actors
