// SPDX-License-Identifier: Apache-2.0
#include "actors/lookup/hedging.hpp"

#include <algorithm>

namespace argentum::actors {

void hedging::asked() noexcept {
  saved_ = std::min(saved_ + 1, limits::hedge_burst * limits::hedge_budget_part);
}

std::optional<hedging::duration> hedging::delay() const {
  auto late = answers_.at(limits::hedge_percentile);
  if (late) late = std::max<duration>(*late, limits::hedge_delay_min);
  return late;
}

bool hedging::spend() noexcept {
  if (saved_ < limits::hedge_budget_part) return false;
  saved_ -= limits::hedge_budget_part;
  return true;
}

} // namespace argentum::actors
