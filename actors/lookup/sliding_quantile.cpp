// SPDX-License-Identifier: Apache-2.0
#include "actors/lookup/sliding_quantile.hpp"

#include <algorithm>

namespace argentum::actors {

void sliding_quantile::note(duration took) {
  if (in_order_.size() < window_) {
    in_order_.push_back(took);
  } else {
    sorted_.erase(std::lower_bound(sorted_.begin(), sorted_.end(), in_order_[oldest_]));
    in_order_[oldest_] = took;
    oldest_ = (oldest_ + 1) % window_;
  }
  sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), took), took);
}

std::optional<sliding_quantile::duration> sliding_quantile::at(double part) const {
  auto rank = static_cast<std::size_t>(part * static_cast<double>(sorted_.size()));
  if (rank + 1 >= sorted_.size()) return std::nullopt;
  return sorted_[rank];
}

} // namespace argentum::actors
