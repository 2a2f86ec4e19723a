// SPDX-License-Identifier: Apache-2.0
// How much disk a proxy may take: as free bytes or a share of the volume that must stay free, or as a budget of the
// instance's own files. Over a soft limit values are evicted, over a hard one none is admitted any more.
#pragma once

#include <cstdint>
#include <vector>

namespace argentum::actors {

struct space_limit {
  enum class kind : std::uint8_t {
    budget,       ///< bytes that the instance's files may take
    free_bytes,   ///< bytes of the volume that must stay free
    free_percent, ///< of the volume's size
  };
  kind what = kind::budget;
  std::uint64_t amount = 0;
  friend bool operator==(const space_limit&, const space_limit&) = default;
};

/// All of them hold: those of the instance, and those of its volume. Empty = no limit.
struct space_limits {
  std::vector<space_limit> soft;
  std::vector<space_limit> hard;
};

} // namespace argentum::actors
