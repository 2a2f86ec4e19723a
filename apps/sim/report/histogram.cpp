// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/report/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace argentum::sim {

namespace {

/// 64 buckets for each power of two.
constexpr unsigned bits = 6;
constexpr std::uint64_t linear = 1ull << bits;

/// Numbers below `linear` are buckets of their own; of larger ones the leading bit and the six after it count.
std::size_t bucket_of(std::uint64_t value) {
  if (value < linear) return value;
  auto shift = static_cast<unsigned>(std::bit_width(value)) - bits - 1;
  return (shift + 1) * linear + ((value >> shift) - linear);
}

std::uint64_t last_of(std::size_t bucket) {
  if (bucket < linear) return bucket;
  auto shift = static_cast<unsigned>(bucket / linear) - 1;
  return ((linear + bucket % linear + 1) << shift) - 1;
}

} // namespace

void histogram::add(std::uint64_t value, std::uint64_t times) {
  if (times == 0) return;
  auto bucket = bucket_of(value);
  if (bucket >= counts_.size()) counts_.resize(bucket + 1);
  counts_[bucket] += times;
  min_ = count_ == 0 ? value : std::min(min_, value);
  max_ = std::max(max_, value);
  count_ += times;
}

void histogram::add(const histogram& other) {
  if (other.count_ == 0) return;
  counts_.resize(std::max(counts_.size(), other.counts_.size()));
  for (std::size_t n = 0; n < other.counts_.size(); ++n) counts_[n] += other.counts_[n];
  min_ = count_ == 0 ? other.min_ : std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  count_ += other.count_;
}

std::uint64_t histogram::quantile(double part) const {
  auto rank = static_cast<std::uint64_t>(std::ceil(part * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t n = 0; n < counts_.size(); ++n) {
    seen += counts_[n];
    if (seen >= rank && seen > 0) return std::clamp(last_of(n), min_, max_);
  }
  return max_;
}

} // namespace argentum::sim
