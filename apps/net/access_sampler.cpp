// SPDX-License-Identifier: Apache-2.0
#include "apps/net/access_sampler.hpp"

#include "messages/sampling_limits.hpp"

#include <caf/send.hpp>

#include <utility>

namespace argentum::net {

/// A sample that is dropped takes the reads that it stands for along, so the shares stay right.
void access_sampler::take(std::size_t instance, std::string_view key, std::uint64_t hash, std::size_t bytes) {
  auto reads = std::exchange(reads_[instance], 0);
  if (samples_.size() >= limits::samples_per_sweep_max) return metrics_->samples_dropped.add();
  samples_.push_back({hash, static_cast<std::uint32_t>(instance), static_cast<std::uint32_t>(bytes), reads,
                      std::string{feed_.clear_keys ? key.substr(0, limits::sample_key_bytes_max) : ""}});
}

void access_sampler::flush() {
  if (samples_.empty()) return;
  auto batch = std::exchange(samples_, {});
  if (feed_.on_their_way->fetch_add(batch.size()) + batch.size() <= limits::samples_waiting_max)
    return caf::anon_send(feed_.to, access_batch{std::move(batch)});
  *feed_.on_their_way -= batch.size();
  metrics_->samples_dropped.add(batch.size());
}

} // namespace argentum::net
