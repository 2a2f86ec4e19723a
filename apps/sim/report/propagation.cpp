// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/report/propagation.hpp"

#include <algorithm>

namespace argentum::sim {

void propagation::applied(std::size_t place, index_t index, vtime now) {
  auto& at = places_[place];
  at.applied = index;
  if (index <= at.seen) return;
  if (auto steps = depth(place); steps > 0) {
    auto& delays = by_depth_[steps];
    for (auto each = at.seen + 1; each <= index; ++each)
      if (auto since = entries_.applied_at(each))
        delays.add(static_cast<std::uint64_t>(std::chrono::floor<std::chrono::microseconds>(now - *since).count()));
  }
  at.seen = index;
}

void propagation::opened(std::size_t place, index_t index) {
  auto& at = places_[place];
  at.applied = index;
  at.seen = std::max(at.seen, index);
}

void propagation::follows(std::size_t place, std::size_t upstream) {
  auto& at = places_[place];
  if (at.upstream == nobody) at.seen = std::max(at.seen, entries_.head());
  at.upstream = upstream;
}

std::size_t propagation::depth(std::size_t place) const {
  std::size_t steps = 0;
  for (; place != 0; ++steps) {
    if (steps == depth_max) return depth_max;
    place = places_[place].upstream;
    if (place == nobody) return 0;
  }
  return steps;
}

lag propagation::lag_of(std::size_t place, vtime now) const {
  const auto& at = places_[place];
  if (place == 0 || at.applied >= entries_.head()) return {};
  auto since = entries_.applied_at(at.applied + 1);
  return {entries_.head() - at.applied, since ? now - *since : now};
}

} // namespace argentum::sim
