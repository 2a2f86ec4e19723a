// SPDX-License-Identifier: Apache-2.0
// Which upstream is tried when. The list is in order of preference; a failure moves on to the next at once, a whole
// round of failures waits first, longer each time, with jitter so that the downstreams of a node that restarts
// don't come back all at the same moment.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace argentum::actors {

class upstream_list {
 public:
  using delay = std::chrono::milliseconds;

  explicit upstream_list(std::vector<std::string> addresses = {}, std::uint64_t seed = 0)
      : addresses_(std::move(addresses)), random_(seed) {}

  bool empty() const noexcept { return addresses_.empty(); }
  const std::string& current() const { return addresses_[at_]; }
  /// The link was lost, or we have to stop for a while: the same upstream again, after the returned delay.
  delay again();
  /// The current one can't serve us: the next one, after the returned delay.
  delay next();
  /// The current one has served us for a while: the next trouble starts with short delays again.
  void succeeded() noexcept;

 private:
  delay back_off();

  std::vector<std::string> addresses_;
  std::mt19937_64 random_;
  std::size_t at_ = 0;
  std::size_t failures_ = 0; ///< in a row
  unsigned rounds_ = 0;      ///< delays taken in a row
};

} // namespace argentum::actors
