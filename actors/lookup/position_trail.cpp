// SPDX-License-Identifier: Apache-2.0
#include "actors/lookup/position_trail.hpp"

#include "messages/limits.hpp"

#include <algorithm>

namespace argentum::actors {

void position_trail::note(const position& now) {
  if (!positions_.empty() && now.index <= positions_.back().index) return;
  positions_.push_back(now);
  if (positions_.size() > limits::lookup_positions_max) thin_out();
}

/// Drops the one whose neighbours are closest to each other, measured by how far back they are. The newest and the
/// oldest stay.
void position_trail::thin_out() {
  auto newest = positions_.back().index;
  auto gap = [newest](const position& before, const position& after) {
    return static_cast<double>(after.index - before.index) / static_cast<double>(newest - before.index);
  };
  auto least = positions_.begin() + 1;
  for (auto it = least; it + 1 != positions_.end(); ++it)
    if (gap(*(it - 1), *(it + 1)) < gap(*(least - 1), *(least + 1))) least = it;
  positions_.erase(least);
}

} // namespace argentum::actors
