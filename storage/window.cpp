// SPDX-License-Identifier: Apache-2.0
#include "storage/window.hpp"

#include <algorithm>

namespace argentum::storage {

index_t window_floor(const window_limits& limits, const stamp_samples& samples, index_t head,
                     stamp_t newest) noexcept {
  auto aged = samples.last_before(newest - limits.span + stamp_t::duration{1}).value_or(0);
  return std::min(aged, head > limits.entries ? head - limits.entries : 0);
}

} // namespace argentum::storage
