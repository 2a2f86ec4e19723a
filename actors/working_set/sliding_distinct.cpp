// SPDX-License-Identifier: Apache-2.0
#include "actors/working_set/sliding_distinct.hpp"

namespace argentum::actors {

void sliding_distinct::add(std::uint64_t hash, time_point now) {
  auto number = number_of(now);
  if (slots_.empty() || slots_.back().number < number)
    slots_.push_back({number, std::make_unique<hyper_log_log>()});
  slots_.back().seen->add(hash);
}

void sliding_distinct::forget_before(time_point then) {
  while (!slots_.empty() && slots_.front().number < number_of(then)) slots_.pop_front();
}

void sliding_distinct::merge_into(hyper_log_log& into, time_point after, time_point until) const {
  auto first = number_of(after);
  auto last = number_of(until);
  for (const auto& each : slots_)
    if (each.number > first && each.number <= last) into.merge(*each.seen);
}

} // namespace argentum::actors
