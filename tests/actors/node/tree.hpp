// SPDX-License-Identifier: Apache-2.0
// Whole nodes over memory stores and a memory network, in one real actor system.
#pragma once

#include "actors/node/node.hpp"
#include "apps/node/runtime.hpp"
#include "storage/memory_home.hpp"
#include "tests/support/memory_network.hpp"

#include <caf/actor_system.hpp>

#include <map>
#include <memory>
#include <string>

namespace argentum::test {

/// One node of the tree; its disks outlive it.
struct tree_node {
  std::unique_ptr<actors::node> running;
  std::map<std::string, std::shared_ptr<storage::memory_disk>> disks;
  std::map<std::string, instance_role> roles;

  const actors::instance_handle& instance(const std::string& name) const;
  std::shared_ptr<const storage::read_view> view(const std::string& name) const {
    return instance(name).view->load();
  }
};

class tree {
 public:
  /// `detach`: node_env::detach_blocking of its nodes.
  explicit tree(bool detach = true) : detach_(detach) {}
  ~tree();

  /// Starts it at the address that is its name. The window of its proxies holds one entry, so that all else can be
  /// evicted once another entry follows.
  tree_node& start(actors::node_config config);
  /// Asks it to stop and waits until its stores are closed.
  void stop(const std::string& name);
  tree_node& at(const std::string& name) { return nodes_.at(name); }

  /// Writes through the sequencer; the index.
  index_t put(const std::string& node, const std::string& instance, const std::string& key,
              const std::string& value);
  /// Waits until the node has reached that index.
  bool reaches(const std::string& node, const std::string& instance, index_t index);
  /// Brings a proxy that is not running up to the root's log, at least one entry, and removes a value there.
  void catch_up_and_evict(const std::string& node, const std::string& instance, const std::string& key);

  caf::actor_system& system() noexcept { return system_; }
  actors::node_env env(const std::string& name);
  /// What the nodes said had failed.
  std::string failures();

 private:
  bool detach_;
  runtime::system_config config_{2};
  memory_network network_;
  std::mutex mutex_;
  std::string failures_; ///< under mutex_
  std::map<std::string, tree_node> nodes_;
  std::uint64_t seed_ = 1;
  caf::actor_system system_{config_}; ///< last: its actors use the network
};

actors::instance_config instance(const std::string& name, instance_role role = instance_role::replica);

} // namespace argentum::test
