// SPDX-License-Identifier: Apache-2.0
// A random part of a pause: nodes that begin together do not stay in step.
#pragma once

#include <chrono>
#include <random>

namespace argentum::actors {

/// Between `least` and `most` of `full`.
template <class Duration>
Duration part_of(Duration full, double least, double most, std::mt19937_64& random) {
  return std::chrono::duration_cast<Duration>(full * std::uniform_real_distribution<>{least, most}(random));
}

} // namespace argentum::actors
