// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace argentum::bench {

void histogram::add(std::chrono::nanoseconds value) noexcept {
  auto ns = static_cast<std::uint64_t>(std::max<std::int64_t>(value.count(), 0));
  // The first 2^(sub_bits + 1) values have a bucket each; above, each power of two has 2^sub_bits of them.
  int shift = std::max(static_cast<int>(std::bit_width(ns)) - sub_bits - 1, 0);
  ++buckets_[(static_cast<std::size_t>(shift) << sub_bits) + (ns >> shift)];
  ++count_;
}

std::chrono::nanoseconds histogram::percentile(double share) const noexcept {
  auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
    seen += buckets_[bucket];
    if (seen < wanted || seen == 0) continue;
    auto shift = bucket < (2u << sub_bits) ? 0 : (bucket >> sub_bits) - 1;
    auto low = (bucket - (shift << sub_bits)) << shift;
    return std::chrono::nanoseconds{static_cast<std::int64_t>(low + ((std::uint64_t{1} << shift) - 1))};
  }
  return {};
}

latency histogram::summary() const noexcept {
  auto us = [&](double share) { return static_cast<double>(percentile(share).count()) / 1000; };
  return {us(0.5), us(0.99), us(0.999)};
}

} // namespace argentum::bench
