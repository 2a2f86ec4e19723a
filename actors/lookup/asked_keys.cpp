// SPDX-License-Identifier: Apache-2.0
#include "actors/lookup/asked_keys.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

namespace argentum::actors {

namespace {

constexpr auto most = std::numeric_limits<std::uint8_t>::max();

std::pair<std::size_t, std::size_t> places_of(std::string_view key) {
  auto hash = std::hash<std::string_view>{}(key);
  return {hash % asked_keys::counters, (hash >> 32) % asked_keys::counters};
}

} // namespace

void asked_keys::note(std::string_view key) {
  if (counts_.empty()) counts_.resize(counters);
  auto [first, second] = places_of(key);
  auto now = std::min(counts_[first], counts_[second]);
  if (now == most) return;
  // Only the smaller one grows: others that share the larger one's place need not suffer.
  if (counts_[first] == now) ++counts_[first];
  if (first != second && counts_[second] == now) ++counts_[second];
  if (++noted_ < period) return;
  noted_ = 0;
  for (auto& each : counts_) each /= 2;
}

unsigned asked_keys::count(std::string_view key) const noexcept {
  if (counts_.empty()) return 0;
  auto [first, second] = places_of(key);
  return std::min(counts_[first], counts_[second]);
}

} // namespace argentum::actors
