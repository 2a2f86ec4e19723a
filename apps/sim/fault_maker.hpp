// SPDX-License-Identifier: Apache-2.0
// Random faults by a plan: each kind comes at its own rate, hits whom the seed says, and ends by itself. A node's
// process is started again by whoever supervises it; wiped disks come back empty.
#pragma once

#include "apps/sim/scenario.hpp"
#include "apps/sim/sim_node.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace argentum::sim {

class fault_maker {
 public:
  /// `nodes` outlive it; the root is the first.
  fault_maker(surroundings& around, const fault_plan& plan, const std::vector<std::unique_ptr<sim_node>>& nodes,
              std::uint64_t seed);

  void begin();
  /// No more faults, and those that last are healed: every node runs, every path is open.
  void heal_all();
  std::uint64_t made() const noexcept { return made_; }

 private:
  using fault = void (fault_maker::*)();
  void every(std::chrono::milliseconds mean, fault what);
  void later(std::function<void()> healing);
  /// Not between two moments but in the middle of one, with messages under way inside the node.
  void strike(std::function<void()> what) { around_.clock.after_steps(random_.below(100), std::move(what)); }
  sim_node& any() { return *nodes_[random_.below(nodes_.size())]; }
  sim_node& any_but_root() { return *nodes_[1 + random_.below(nodes_.size() - 1)]; }
  /// Some node follows or asks this one, and nobody else who is there.
  bool is_last_of_a_list(const sim_node& node) const;
  /// May be a replica or a proxy: a leaf that has whom to ask and is asked by nobody.
  bool has_either_role(const sim_node& node) const;
  void say(const std::string& text);

  void kill();
  void lose_power();
  void wipe();
  void remove();
  void add();
  void change_role();
  void freeze();
  void reset();
  void cut();
  void partition();
  void slow();
  void fill_disk();
  void stall_disk();
  void jump_clock();

  surroundings& around_;
  fault_plan plan_;
  const std::vector<std::unique_ptr<sim_node>>& nodes_;
  random_source random_;
  bool running_ = false;
  std::uint64_t made_ = 0;
};

} // namespace argentum::sim
