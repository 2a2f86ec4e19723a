// SPDX-License-Identifier: Apache-2.0
// The hit rate that a cache of any size would have (least recently used goes first), from sampled reads: SHARDS
// (Waldspurger et al., FAST '15). A read hits if the bytes of all keys read since the last read of its key fit the
// cache. In a sample of one key in n this distance is n times shorter, so it is measured there and scaled up.
//
// At most `keys_max` keys are kept: with more, those with the largest hashes leave, and the sample is of fewer keys
// from then on, down to what fits; when it has fallen to a quarter of that, it is of twice as many again. As a hot
// key is in the sample or is not, the sample has more or fewer reads than its share; the difference are reads of
// hot keys, and count as hits ("SHARDS-adj" of the paper). Old reads weigh less and less: by 1/e after `span`.
//
// The more keys of the sample fit the cache, the more exact is the curve: on Zipf traces (skew 0.8 and 1, one key
// in 20) it is off by 0.02 where 100 of them do, and by 0.005 where 1,000 do. Sizes of fewer than 100 are left out.
// Memory: about 130 bytes a key.
#pragma once

#include "actors/wake_up.hpp"
#include "actors/working_set/prefix_sums.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <vector>

namespace argentum::actors {

/// Share of reads that a cache of so many bytes would answer.
struct curve_point {
  double cache_bytes = 0;
  double hit_rate = 0;
};

class reuse_curve {
 public:
  /// Keys with hashes up to `hash_limit` are given to note().
  reuse_curve(std::uint64_t hash_limit, std::size_t keys_max, std::chrono::seconds span);

  /// A read of a key; `bytes` 0: not known. `reads`: see access_sample.
  void note(std::uint64_t hash, std::uint32_t bytes, std::uint32_t reads, time_point now);
  /// Lets reads fade and keys go that were not read for `span`. To be called now and then.
  void fade(time_point now);

  /// From the smallest size that the sample tells something about to the one behind which nothing changes.
  std::vector<curve_point> points() const;
  /// Mean of the keys of the sample that were read since `then`; 0 if there are none.
  double mean_bytes(time_point then) const;
  std::size_t keys() const noexcept { return keys_.size(); }
  /// Share of all keys that are in the sample now.
  double rate() const noexcept;
  std::size_t bytes() const noexcept;

 private:
  struct sampled_key {
    std::uint32_t bytes = 0;
    std::uint32_t place = 0; ///< in the order of last reads
    time_point read{};
  };
  static constexpr std::size_t steps = 4; ///< of size for each power of two
  static constexpr std::size_t bins_count = 50 * steps;
  static constexpr double cached_keys_min = 100; ///< of the sample

  void move_to_end(sampled_key& key, std::uint32_t bytes);
  void number_anew();
  void drop_largest();

  const std::uint64_t hash_limit_max_;
  const std::size_t keys_max_;
  const std::chrono::seconds span_;
  std::uint64_t hash_limit_;
  std::map<std::uint64_t, sampled_key> keys_; ///< by hash
  prefix_sums order_;                         ///< bytes of the keys at their places
  std::uint32_t next_place_ = 0;
  std::array<double, bins_count> hits_{}; ///< reads by the size of cache from which on they hit
  double sampled_ = 0;                    ///< reads that the sample stands for
  double reads_ = 0;                      ///< reads that there were
  time_point faded_{};
};

} // namespace argentum::actors
