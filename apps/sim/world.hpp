// SPDX-License-Identifier: Apache-2.0
// One run of a scenario with one seed: builds the tree, lets clients and faults loose, heals, waits until all nodes
// are level, and says what came of it.
#pragma once

#include "apps/sim/checker.hpp"
#include "apps/sim/overlay_watch.hpp"
#include "apps/sim/scenario.hpp"
#include "messages/peer_message.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace argentum::sim {

class measures;

struct run_result {
  std::uint64_t seed = 0;
  std::optional<violation> broken;
  std::uint64_t trace_hash = 0;
  vtime virtual_time{0};
  vtime converged_after{0}; ///< from the healing on
  std::uint64_t steps = 0;  ///< messages that actors handled
  std::uint64_t faults = 0;
  std::uint64_t expectations_met = 0;
  index_t entries = 0; ///< of all instances
  check_totals checks;
  network_totals network;
  std::shared_ptr<const measures> numbers;
  std::vector<overlay_phase> overlay; ///< empty without an oracle
  std::vector<bool> serves;           ///< at the end, by node
};

/// Where a run has come to.
struct run_progress {
  vtime now{0};
  index_t entries = 0; ///< of all instances
  std::uint64_t answers = 0;
};

struct run_options {
  std::uint64_t seed = 1;
  store_kind store = store_kind::memory;
  std::string trace_file; ///< empty: none
  /// Called about every virtual second.
  std::function<void(const run_progress&)> progress;
  /// Looks now and then at what stores hold, for a report; takes time, and changes nothing.
  bool look_at_disks = false;
  /// Planted bugs: the judge's own tests.
  std::function<store_wrap(const std::string& node, const actors::instance_config&)> wrap_store;
  std::function<bool(const std::string& from, const std::string& to, peer_message&)> tamper;
};

run_result run(const scenario& what, const run_options& options);

} // namespace argentum::sim
