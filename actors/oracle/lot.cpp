// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/lot.hpp"

#include <xxhash.h>

#include <algorithm>
#include <utility>

namespace argentum::actors {

std::uint64_t lot_of(std::string_view who, std::string_view what) {
  return XXH3_64bits_withSeed(what.data(), what.size(), XXH3_64bits(who.data(), who.size()));
}

void take_by_lot(std::vector<contact>& all, std::string_view who, std::size_t most) {
  std::vector<std::pair<std::uint64_t, contact>> lots;
  lots.reserve(all.size());
  for (auto& each : all) {
    auto lot = lot_of(who, each.address);
    lots.emplace_back(lot, std::move(each));
  }
  auto taken = lots.begin() + static_cast<std::ptrdiff_t>(std::min(most, lots.size()));
  std::partial_sort(lots.begin(), taken, lots.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.second.address < b.second.address;
  });
  all.clear();
  for (auto each = lots.begin(); each != taken; ++each) all.push_back(std::move(each->second));
}

} // namespace argentum::actors
