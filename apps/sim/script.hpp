// SPDX-License-Identifier: Apache-2.0
// Scripted steps of a scenario: faults at exact times, single writes, and reads with the exact answer expected.
#pragma once

#include "apps/sim/overlay_watch.hpp"
#include "apps/sim/scenario.hpp"
#include "apps/sim/workload.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace argentum::sim {

class script {
 public:
  /// `nodes` outlive it; the root is the first.
  script(surroundings& around, const scenario& what, const std::vector<std::unique_ptr<sim_node>>& nodes,
         workload& writes, overlay_watch& overlay);

  void begin();
  /// Steps that expected an answer and got it.
  std::uint64_t met() const noexcept { return met_; }
  /// Blames those that got no answer.
  void end();

 private:
  void run(const scripted_event& step);
  void run_for_many(const scripted_event& step);
  /// Every so-and-so-many-th node but the root is killed.
  void lose(std::uint64_t one_in);
  /// Nothing passes between the nodes before that one and the others.
  void split(const std::string& first_of_the_others);
  void expect(const scripted_event& step);
  sim_node& node(const std::string& name) const;

  surroundings& around_;
  std::vector<scripted_event> steps_;
  const std::vector<std::unique_ptr<sim_node>>& nodes_;
  workload& writes_;
  overlay_watch& overlay_;
  std::vector<std::unique_ptr<sim_session>> sessions_;
  std::uint64_t expected_ = 0;
  std::uint64_t met_ = 0;
};

} // namespace argentum::sim
