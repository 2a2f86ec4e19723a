// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/dataset.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace argentum::bench {

namespace {

constexpr std::size_t pool_spare = 1 << 20;
constexpr std::size_t digits = 12;
constexpr std::uint64_t seed = 20'231'017; // the same data in each run

} // namespace

void append_key(std::string& out, std::uint64_t number) {
  out += "key:";
  auto end = out.size() + digits;
  out.append(digits, '0');
  for (auto at = end; number != 0; number /= 10) out[--at] = static_cast<char>('0' + number % 10);
}

void append_absent_key(std::string& out, std::uint64_t number) {
  append_key(out, number);
  out += '-';
}

std::string key_of(std::uint64_t number) {
  std::string out;
  append_key(out, number);
  return out;
}

std::string absent_key_of(std::uint64_t number) {
  return key_of(number) + '-';
}

values::values(std::size_t bytes) : bytes_(bytes) {
  std::mt19937_64 random{seed};
  pool_.reserve(pool_spare + bytes);
  while (pool_.size() < pool_spare + bytes) pool_ += "0123456789abcdef"[random() % 16];
}

std::string_view values::of(std::uint64_t number) const noexcept {
  return std::string_view{pool_}.substr(number * 7919 % pool_spare, bytes_);
}

std::uint64_t scattered(std::uint64_t i, std::uint64_t count) noexcept {
  return i * 2'654'435'761 % count; // a prime: no common factor with any smaller count
}

std::vector<pick> zipf_picks(std::uint32_t count, double skew, double absent_share, std::size_t length) {
  std::vector<double> sums(count);
  double sum = 0;
  for (std::uint32_t rank = 0; rank < count; ++rank) sums[rank] = sum += std::pow(rank + 1.0, -skew);
  std::mt19937_64 random{seed};
  std::uniform_real_distribution<double> place{0, sum};
  std::bernoulli_distribution absent{absent_share};
  std::vector<pick> out(length);
  for (auto& each : out) {
    auto rank = std::lower_bound(sums.begin(), sums.end(), place(random)) - sums.begin();
    each.number = static_cast<std::uint32_t>(scattered(std::min<std::uint64_t>(rank, count - 1), count));
    each.absent = absent(random);
  }
  return out;
}

} // namespace argentum::bench
