// SPDX-License-Identifier: Apache-2.0
// The benchmarks, one a subcommand. Each starts what it needs, adds its figures, and leaves nothing behind; it
// throws if something does not work. Bars are those that the project set itself (tools/README.md).
#pragma once

#include "tools/bench/report.hpp"
#include "tools/bench/servers.hpp"

#include <string>
#include <vector>

namespace argentum::bench {

/// Every benchmark uses some of it; options.cpp has the defaults of each.
struct bench_options {
  std::uint32_t keys = 0;
  std::size_t value_bytes = 0;
  int connections = 50;
  std::vector<int> pipelines = {};
  double skew = 0.99;
  double negatives = 10; ///< for each positive read
  double absent_share() const { return negatives / (1 + negatives); }
  int rounds = 0;
  double seconds = 0; ///< of a round
  std::uint32_t entries = 0;
  double rate = 0; ///< writes a second
  int clients = 0;
};

void bench_view(const workplace& where, const bench_options& how, report& into);
void bench_get(const workplace& where, const bench_options& how, report& into);
void bench_set(const workplace& where, const bench_options& how, report& into);
void bench_propagate(const workplace& where, const bench_options& how, report& into);
void bench_catchup(const workplace& where, const bench_options& how, report& into);
void bench_bootstrap(const workplace& where, const bench_options& how, report& into);
void bench_idle(const workplace& where, const bench_options& how, report& into);
void bench_abuse(const workplace& where, const bench_options& how, report& into);
void bench_proxy(const workplace& where, const bench_options& how, report& into);
void bench_admission(const workplace& where, const bench_options& how, report& into);
void bench_evict(const workplace& where, const bench_options& how, report& into);

} // namespace argentum::bench
