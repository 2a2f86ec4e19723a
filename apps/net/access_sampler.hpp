// SPDX-License-Identifier: Apache-2.0
// Samples the reads of one event loop's sessions: a hash and a comparison for a key that is not in the sample. What
// is sampled gathers here and goes to the working_set actor once a second; what is too much for it is dropped and
// counted, so no read ever waits. Used on its loop only.
#pragma once

#include "actors/working_set/access_feed.hpp"
#include "messages/metrics.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace argentum::net {

class access_sampler {
 public:
  access_sampler(actors::access_feed feed, std::size_t instances, std::shared_ptr<node_metrics> metrics)
      : feed_(std::move(feed)), metrics_(std::move(metrics)), reads_(instances) {}

  /// A read of a key that exists; `bytes` of key and value, 0 if the value is not here.
  void note(std::size_t instance, std::string_view key, std::size_t bytes) {
    if (!feed_.to) return;
    ++reads_[instance];
    if (auto hash = hash_of_key(key); hash <= feed_.hash_limit) take(instance, key, hash, bytes);
  }
  /// Hands over what has gathered.
  void flush();

 private:
  void take(std::size_t instance, std::string_view key, std::uint64_t hash, std::size_t bytes);

  actors::access_feed feed_;
  std::shared_ptr<node_metrics> metrics_;
  std::vector<std::uint32_t> reads_; ///< by instance, since its last sample
  std::vector<access_sample> samples_;
};

} // namespace argentum::net
