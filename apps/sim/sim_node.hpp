// SPDX-License-Identifier: Apache-2.0
// One node of the simulated tree: the production composition on a virtual network, clock and disk, and what can
// happen to its process and its machine.
#pragma once

#include "actors/node/node.hpp"
#include "apps/sim/checker.hpp"
#include "apps/sim/sim_clock.hpp"
#include "apps/sim/sim_disk.hpp"
#include "apps/sim/sim_network.hpp"

#include <map>
#include <memory>
#include <string>

namespace argentum::sim {

class measures;

/// What nodes share; all of it outlives them.
struct surroundings {
  sim_clock& clock;
  sim_network& network;
  checker& judge;
  trace& events;
  measures& numbers;
  random_source& random;
  store_kind store;
  /// Planted bugs, by node and instance; may be empty.
  std::function<store_wrap(const std::string& node, const actors::instance_config&)> wrap_store;
  /// All nodes have the same entries.
  std::shared_ptr<storage::entry_pool> entries = std::make_shared<storage::entry_pool>();
};

class sim_node {
 public:
  /// `number`: its place among the nodes of the scenario. A node that is no `member` yet joins by `add`.
  /// `disk_bytes`: the size of each instance's disk; 0 = there is no end.
  sim_node(surroundings& around, std::size_t number, actors::node_config config, storage::window_limits window,
           bool member = true, std::uint64_t disk_bytes = 0);
  ~sim_node();

  std::size_t number() const noexcept { return number_; }
  const std::string& name() const noexcept { return config_.name; }
  const actors::node_config& config() const noexcept { return config_; }
  /// Part of the tree, even if it is down just now.
  bool member() const noexcept { return member_; }
  bool running() const noexcept { return running_ != nullptr; }
  bool frozen() const noexcept { return frozen_; }
  /// Runs and is not frozen: clients get answers.
  bool serves() const noexcept { return running() && !frozen_; }
  /// Counts its processes.
  std::uint64_t generation() const noexcept { return generation_; }
  const actors::instance_handle& instance(std::size_t number) const { return running_->instances()[number]; }
  /// While it runs.
  const node_metrics& metrics() const { return *running_->metrics(); }
  index_t applied(std::size_t instance) const;
  /// Bytes of keys, values, log and history of all instances; 0 while it does not serve. It reads all of them.
  std::uint64_t stored_bytes() const;
  /// The data in use are those of the role that the config says.
  bool in_role(std::size_t instance) const;

  /// Only a member.
  void start();
  /// As SIGTERM: everything is synced.
  void stop();
  /// As kill -9: what the operating system has, survives.
  void kill();
  /// The machine is gone; what was not synced is lost. It is back with `start`.
  void lose_power();
  /// Only while it does not run: the disk is replaced by an empty one.
  void wipe();
  /// The machine leaves for good.
  void remove();
  /// It joins, with an empty disk.
  void add();
  /// All its instances get that role: at once if it runs, else when it starts. Not while it is frozen.
  void set_role(instance_role role);
  void freeze();
  void thaw();
  void set_disk_full(bool full);
  /// The disk answers nothing for a while: whoever waits for it waits, all others go on.
  void stall_disk();
  void end_stall();
  void set_wall_skew(vtime skew);
  /// Beside the evictor: removes one value of a proxy; false if it is in the window or not there.
  bool evict(std::size_t instance, const std::string& key);
  /// Beside the version collector: moves a replica's horizon to exactly there.
  void move_horizon(std::size_t instance, index_t horizon);

 private:
  /// Tries again in a while if the disk was full, as a supervisor would; throws at any other error.
  void start_later(const caf::error& why);
  void end(bool power_lost);
  /// Those that `make` spawns are of this node.
  void note_actors(const std::function<void()>& make);
  place at(std::size_t instance) const { return {config_.name, config_.instances[instance].name}; }
  storage::store* store(std::size_t instance) const;

  surroundings& around_;
  std::size_t number_;
  actors::node_config config_;
  std::vector<std::unique_ptr<sim_disk>> disks_;
  std::unique_ptr<actors::node> running_;
  std::vector<actor_range> actors_;
  std::uint64_t generation_ = 0;
  std::string contacts_; ///< that the oracle keeps on disk
  bool member_ = true;
  bool frozen_ = false;
  std::vector<actor_range> stalled_; ///< the actors that wait for the disk
  vtime skew_{0};
};

} // namespace argentum::sim
