// SPDX-License-Identifier: Apache-2.0
// One run as its reports tell it, whatever their form: rows of numbers, worked out once.
#pragma once

#include "apps/sim/report/measures.hpp"
#include "apps/sim/world.hpp"

#include <string>
#include <vector>

namespace argentum::sim {

/// All places of one depth. Delays in milliseconds.
struct delay_row {
  std::size_t depth = 0;
  std::size_t nodes = 0;     ///< that are there at the end
  std::uint64_t applied = 0; ///< entries times nodes: what the delays are of
  double p50 = 0;
  double p99 = 0;
  double p999 = 0;
  double most = 0;
};

/// How long entries took to all places, and how long half of the round trip between the root and each takes:
/// nothing is faster. Milliseconds.
struct way_row {
  double p50 = 0;
  double p99 = 0;
};

struct group_row {
  tree_group what;
  read_counts reads;
  double hit_rate = 1;
  double fetch_p50 = 0; ///< milliseconds until another node's value was here
  double fetch_p99 = 0;
  std::size_t looked_at = 0; ///< nodes whose bytes were counted
  std::uint64_t stored_mean = 0;
  std::uint64_t stored_most = 0;
};

/// At the end.
struct node_row {
  tree_place what;
  std::string upstream; ///< of the first instance; empty: none is known
  std::size_t depth = 0;
  bool serves = false;
  lag behind;
};

struct run_report {
  std::string scenario;
  std::string description;
  std::string replay; ///< the command that runs it again
  run_result result;
  std::vector<delay_row> delays;
  std::vector<group_row> groups;
  std::vector<traffic_row> traffic;
  std::vector<node_row> nodes;
  way_row all_delays;
  way_row direct_ways;

  const measures& numbers() const { return *result.numbers; }
};

run_report make_report(const scenario& what, run_result result, std::string replay);

double milliseconds(vtime time) noexcept;
double seconds(vtime time) noexcept;

} // namespace argentum::sim
