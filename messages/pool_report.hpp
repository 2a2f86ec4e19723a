// SPDX-License-Identifier: Apache-2.0
// How a proxy's pool of replicas is: for people and tests.
#pragma once

#include "messages/shared_slot.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace argentum {

struct pool_report {
  struct replica {
    std::string address;
    std::uint32_t rank = 0; ///< as in set_replicas
    bool linked = false;
    bool leaving = false; ///< no longer in the set; what it was asked may still be answered
    std::size_t in_flight = 0;
    std::chrono::microseconds latency{0}; ///< smoothed; 0 = not measured yet
    std::chrono::microseconds p95{0};     ///< of its last answers; 0 = too few
    std::uint64_t requests = 0, errors = 0, timeouts = 0;
    double share = 0;    ///< of the requests of the last seconds to those in the set
    std::string trouble; ///< why it is isolated, then probed; empty = neither
    std::chrono::steady_clock::time_point isolated_until{};
  };
  std::vector<replica> replicas;
  std::chrono::microseconds hedge_delay{0}; ///< 0 = no second replica is asked yet: too few answers
};

/// Null in it: nothing published yet.
using pool_slot = shared_slot<const pool_report>;

} // namespace argentum
