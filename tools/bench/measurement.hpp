// SPDX-License-Identifier: Apache-2.0
// Two sides measured in turn, A B A B, so that whatever else the machine does hits both alike; each value is the
// median of the rounds.
#pragma once

#include "tools/bench/load.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace argentum::bench {

struct measurement {
  double rate = 0; ///< in the unit of its figure
  std::optional<latency> latencies = std::nullopt;
  std::optional<double> cpu_us = std::nullopt; ///< processor time of the servers for one operation
};

struct measured_pair {
  measurement ours, theirs;
};

/// Of an odd number of values the middle one; of none 0.
double median(std::vector<double> values);
measurement median(const std::vector<measurement>& rounds);

using measure = std::function<measurement()>;
/// Says on stderr what is being measured.
measured_pair alternate(const std::string& what, int rounds, const measure& ours, const measure& theirs);

/// Replies a second of a load on `servers`, which are asked for their processor time.
template <class Servers, class Load>
measurement rate_of(const Servers& servers, Load&& run) {
  auto before = servers.cpu_time();
  load_result result = run();
  std::chrono::duration<double, std::micro> used = servers.cpu_time() - before;
  auto replies = static_cast<double>(result.replies);
  return {replies / result.took.count(), result.latencies.summary(), used.count() / replies};
}

void say(const std::string& what);

} // namespace argentum::bench
