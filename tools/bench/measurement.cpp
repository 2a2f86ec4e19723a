// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/measurement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace argentum::bench {

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

measurement median(const std::vector<measurement>& rounds) {
  auto of = [&](auto&& field) {
    std::vector<double> all;
    for (const auto& each : rounds) all.push_back(field(each));
    return median(std::move(all));
  };
  measurement out{of([](const auto& each) { return each.rate; })};
  if (rounds.front().latencies)
    out.latencies = latency{of([](const auto& each) { return each.latencies->p50; }),
                            of([](const auto& each) { return each.latencies->p99; }),
                            of([](const auto& each) { return each.latencies->p999; })};
  if (rounds.front().cpu_us) out.cpu_us = of([](const auto& each) { return *each.cpu_us; });
  return out;
}

measured_pair alternate(const std::string& what, int rounds, const measure& ours, const measure& theirs) {
  say(what);
  std::vector<measurement> a, b;
  for (int i = 0; i < rounds; ++i) {
    a.push_back(ours());
    b.push_back(theirs());
  }
  return {median(a), median(b)};
}

void say(const std::string& what) {
  fmt::print(stderr, "# {}\n", what);
}

} // namespace argentum::bench
