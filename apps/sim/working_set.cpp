// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/working_set.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace argentum::sim {

namespace {

/// Weighted sampling without repetition ("Weighted random sampling with a reservoir", Efraimidis and Spirakis
/// 2006): a race in which each key's time is exponential with its popularity as rate; the first `count` are taken.
std::vector<std::uint64_t> race(std::uint64_t keys, double skew, std::uint64_t count, random_source& random) {
  std::vector<std::pair<double, std::uint64_t>> times;
  for (std::uint64_t n = 0; n < keys; ++n)
    times.emplace_back(-std::log(1.0 - random.unit()) * std::pow(static_cast<double>(n + 1), skew), n);
  std::nth_element(times.begin(), times.begin() + static_cast<long>(count - 1), times.end());
  std::vector<std::uint64_t> winners;
  for (std::uint64_t n = 0; n < count; ++n) winners.push_back(times[n].second);
  std::sort(winners.begin(), winners.end());
  return winners;
}

std::uint64_t share_of(std::uint64_t keys, double percent) {
  auto share = static_cast<std::uint64_t>(std::llround(static_cast<double>(keys) * percent / 100.0));
  return std::clamp<std::uint64_t>(share, 1, keys);
}

} // namespace

working_set::working_set(std::uint64_t keys, double skew, double percent, random_source& random)
    : ranks_(share_of(keys, percent), skew) {
  if (auto count = share_of(keys, percent); count < keys) chosen_ = race(keys, skew, count, random);
}

std::uint64_t working_set::draw(random_source& random) const {
  auto rank = ranks_.draw(random);
  return chosen_.empty() ? rank : chosen_[rank];
}

} // namespace argentum::sim
