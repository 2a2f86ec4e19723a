// SPDX-License-Identifier: Apache-2.0
// How the members of an oracle find together, looked at once a virtual second: from the start and from each
// scripted step that changes much, how long it takes until all know all and all follow the root, and what their
// gossip costs.
#pragma once

#include "apps/sim/sim_node.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace argentum::sim {

struct overlay_phase {
  std::string what; ///< it began with
  vtime since{0};
  vtime lasted{0};
  std::optional<vtime> agreed;  ///< until each member knew as many as there are, and went on to; none: never
  std::optional<vtime> whole;   ///< until each node's way up ended at the root, and went on to
  std::uint64_t members = 0;    ///< that run, at its end
  std::uint64_t bytes = 0;      ///< that they sent each other, full states too
  std::uint64_t bytes_most = 0; ///< in one second
  std::uint64_t suspicions = 0;
  std::uint64_t deaths = 0; ///< each counts for each member that declared it by itself

  /// Of each member and second.
  double mean_bytes() const noexcept;
  double most_bytes() const noexcept;
};

class overlay_watch {
 public:
  /// `nodes` outlive it, and all members of `around`.
  overlay_watch(surroundings& around, const std::vector<std::unique_ptr<sim_node>>& nodes);

  void full_state(std::size_t bytes) { state_bytes_ += bytes; }
  void begin(const std::string& what);
  /// Once a virtual second; nothing where there is no oracle.
  void look();
  const std::vector<overlay_phase>& phases() const noexcept { return phases_; }

 private:
  struct sums {
    std::uint64_t bytes = 0, suspicions = 0, deaths = 0;
  };
  std::vector<const sim_node*> members() const;
  bool all_agree() const;
  bool all_follow() const;
  sums sum() const;

  surroundings& around_;
  const std::vector<std::unique_ptr<sim_node>>& nodes_;
  std::uint64_t state_bytes_ = 0;
  sums before_;
  std::vector<overlay_phase> phases_;
};

} // namespace argentum::sim
