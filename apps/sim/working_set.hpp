// SPDX-License-Identifier: Apache-2.0
// The keys that the clients of one place read. A place reads a share of all keys; which ones is drawn without
// repetition, each key with its global popularity. So two places share most of what is popular everywhere and
// little of what is not, and the favourites of a place are those of the world among its own.
#pragma once

#include "apps/sim/random_source.hpp"

#include <cstdint>
#include <vector>

namespace argentum::sim {

class working_set {
 public:
  /// All keys, by global popularity (zipf_ranks).
  working_set(std::uint64_t keys, double skew) : ranks_(keys, skew) {}
  /// `percent` of them (0 to 100, at least one key).
  working_set(std::uint64_t keys, double skew, double percent, random_source& random);

  /// A key to read, by its number: 0 is the most popular one of the world.
  std::uint64_t draw(random_source& random) const;
  /// Ascending; empty: all.
  const std::vector<std::uint64_t>& chosen() const noexcept { return chosen_; }

 private:
  zipf_ranks ranks_;
  std::vector<std::uint64_t> chosen_;
};

} // namespace argentum::sim
