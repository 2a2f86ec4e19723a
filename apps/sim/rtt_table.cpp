// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/rtt_table.hpp"

#include <algorithm>
#include <numeric>

namespace argentum::sim {

namespace {

constexpr double unknown = -1;

double rtt_of(const datacenter& a, const datacenter& b, const measured_rtts& measured, double path_factor) {
  for (const auto& pair : {std::pair{a.name, b.name}, std::pair{b.name, a.name}})
    if (auto found = measured.find(pair); found != measured.end()) return found->second;
  return a.position && b.position ? cable_rtt_ms(*a.position, *b.position, path_factor) : unknown;
}

} // namespace

rtt_table::rtt_table(const std::vector<datacenter>& places, const measured_rtts& measured, double path_factor,
                     double lan_rtt_ms)
    : size_(places.size()), ms_(size_ * size_, lan_rtt_ms) {
  for (std::size_t a = 0; a < size_; ++a)
    for (std::size_t b = 0; b < a; ++b)
      ms_[a * size_ + b] = ms_[b * size_ + a] = rtt_of(places[a], places[b], measured, path_factor);
}

std::vector<std::size_t> rtt_table::by_distance(std::size_t from) const {
  std::vector<std::size_t> order(size_);
  std::iota(order.begin(), order.end(), 0);
  std::swap(order[0], order[from]);
  std::sort(order.begin() + 1, order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair{between(from, a), a} < std::pair{between(from, b), b};
  });
  return order;
}

std::optional<std::pair<std::size_t, std::size_t>> rtt_table::unknown_pair() const {
  for (std::size_t a = 0; a < size_; ++a)
    for (std::size_t b = a + 1; b < size_; ++b)
      if (between(a, b) < 0) return std::pair{a, b};
  return {};
}

} // namespace argentum::sim
