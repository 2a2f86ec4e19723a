// SPDX-License-Identifier: Apache-2.0
#include "actors/working_set/hyper_log_log.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace argentum::actors {

namespace {

constexpr unsigned rank_max = 64 - hyper_log_log::precision + 1;

/// The finaliser of splitmix64.
std::uint64_t mixed(std::uint64_t x) noexcept {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// What registers that saw nothing contribute.
double sigma(double x) noexcept {
  if (x == 1) return INFINITY;
  double y = 1;
  double z = x;
  for (double before = -1; z != before; y *= 2) {
    x *= x;
    before = z;
    z += x * y;
  }
  return z;
}

/// What registers that are full contribute.
double tau(double x) noexcept {
  if (x == 0 || x == 1) return 0;
  double y = 1;
  double z = 1 - x;
  for (double before = -1; z != before;) {
    x = std::sqrt(x);
    before = z;
    y /= 2;
    z -= (1 - x) * (1 - x) * y;
  }
  return z / 3;
}

} // namespace

void hyper_log_log::add(std::uint64_t hash) noexcept {
  hash = mixed(hash);
  auto rank = std::min<unsigned>(std::countl_zero(hash << precision) + 1, rank_max);
  auto& place = registers_[hash >> (64 - precision)];
  place = std::max(place, static_cast<std::uint8_t>(rank));
}

void hyper_log_log::merge(const hyper_log_log& other) noexcept {
  for (std::size_t i = 0; i < registers_count; ++i) registers_[i] = std::max(registers_[i], other.registers_[i]);
}

double hyper_log_log::estimate() const noexcept {
  std::array<double, rank_max + 1> with_rank{};
  for (auto rank : registers_) ++with_rank[rank];
  constexpr double all = registers_count;
  double z = all * tau(1 - with_rank[rank_max] / all);
  for (unsigned rank = rank_max - 1; rank >= 1; --rank) z = (z + with_rank[rank]) / 2;
  z += all * sigma(with_rank[0] / all);
  return all * all / (2 * std::numbers::ln2 * z);
}

} // namespace argentum::actors
