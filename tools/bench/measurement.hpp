// SPDX-License-Identifier: Apache-2.0
// Two sides measured in turn, A B A B, so that whatever else the machine does hits both alike; each value is the
// median of the rounds.
#pragma once

#include "tools/bench/histogram.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace argentum::bench {

struct load_result;

struct measurement {
  double rate = 0; ///< in the unit of its figure
  std::optional<latency> latencies = std::nullopt;
};

struct measured_pair {
  measurement ours, theirs;
};

/// Of an odd number of values the middle one; of none 0.
double median(std::vector<double> values);
measurement median(const std::vector<measurement>& rounds);

using measure = std::function<measurement()>;
/// Says on stderr what is being measured.
measurement repeat(const std::string& what, int rounds, const measure& ours);
measured_pair alternate(const std::string& what, int rounds, const measure& ours, const measure& theirs);

/// Replies a second, and their latencies.
measurement rate_of(const load_result& result);

void say(const std::string& what);

} // namespace argentum::bench
