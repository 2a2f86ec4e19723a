// SPDX-License-Identifier: Apache-2.0
// How the virtual network treats one direction between two nodes, and what it counts.
#pragma once

#include "apps/sim/random_source.hpp"

namespace argentum::sim {

/// One direction between two nodes.
struct path_shape {
  vtime delay = std::chrono::milliseconds{1};
  vtime jitter{0};                    ///< added, up to this, message by message
  std::uint64_t loss_percent = 0;     ///< of messages that need a retransmission
  std::uint64_t bytes_per_second = 0; ///< 0 = no limit
};

struct network_totals {
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  std::uint64_t links = 0;
  std::uint64_t breaks = 0;
  std::uint64_t datagrams = 0;
  std::uint64_t datagram_bytes = 0;
};

} // namespace argentum::sim
