// SPDX-License-Identifier: Apache-2.0
// Statistics of table files, decoded once: files never change, and the disk is looked at every second.
#pragma once

#include "storage/table_stats.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace argentum::storage {

struct sized_stats {
  table_stats stats;
  double density = 1; ///< bytes on disk per byte of keys and values
};

/// Of one family. Thread-safe.
class table_stats_cache {
 public:
  using numbers = std::vector<std::uint64_t>; ///< of files, in ascending order

  /// Those that are not known yet; the ones that are not asked for any more are forgotten.
  numbers missing(const numbers& wanted);
  void add(std::uint64_t number, sized_stats what);
  /// Nothing if it is not known.
  std::optional<sized_stats> find(std::uint64_t number) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::uint64_t, sized_stats> files_;
};

} // namespace argentum::storage
