// SPDX-License-Identifier: Apache-2.0
// What node.cpp and node_roles.cpp share, and nobody else: the actors of a node and how they are made.
#pragma once

#include "actors/node/node.hpp"
#include "actors/peer/node_inbox.hpp"

#include <caf/actor_cast.hpp>
#include <fmt/format.h>

#include <atomic>
#include <mutex>
#include <random>
#include <utility>

namespace argentum::actors {

/// An instance whose store is open and whose actors are not there yet.
struct opened_instance {
  instance_config config;
  std::unique_ptr<storage::store_home> home;
  std::unique_ptr<storage::store> store;
};

/// All actors of one instance; those that its roles do not have are invalid. While the role of the data in use is
/// not the wanted one, there are those of both.
struct instance_actors {
  instance_role wanted = instance_role::replica;
  bool as_replica = false; ///< wanted, or the data in use
  bool as_proxy = false;
  std::shared_ptr<role_slot> roles;
  store_port store;
  sequencer_port sequencer;
  source_port source;
  sink_port sink;
  lookup_server_port lookup_server;
  proxy_lookup_port proxy_lookup;
  upkeep_port collector, evictor;
  std::vector<caf::strong_actor_ptr> leaving; ///< of a role that has ended: timers alone keep no actor
};

/// Whether the end of an actor is a surprise, and whom to tell.
struct failure_watch {
  std::atomic<bool> quiet{false};
  std::function<void(std::string)> tell;
};

/// Shared with what calls back when a role change is through.
struct node::parts : std::enable_shared_from_this<node::parts> {
  parts(caf::actor_system& sys, node_config c, node_env e);

  void compose(std::vector<opened_instance> opened);
  void spawn_store(opened_instance& from);
  void spawn_others(std::size_t number);
  void spawn_sampling();
  void spawn_oracle();
  void spawn_guide();
  void spawn_finder();
  void stop();

  // node_roles.cpp
  void spawn_replica(std::size_t number);
  void spawn_proxy(std::size_t number);
  caf::error change_role(std::size_t number, instance_role role);
  /// Has the store say when it has the wanted role.
  void await_role(std::size_t number);
  void role_reached(std::size_t number, instance_role role);
  /// Tells the guide which instances others may ask for here.
  void say_served();
  /// Tells sessions and the inbox who serves the instance.
  void publish(std::size_t number);
  void leave_replica(instance_actors& mine);
  void leave_proxy(instance_actors& mine, const std::string& name);
  template <class Handle>
  void retire(instance_actors& mine, Handle& actor);

  /// An actor whose end, unless it was asked for, is a failure of the node.
  template <class Handle>
  Handle watched(Handle actor, const char* what, const std::string& instance);
  template <class F, class... Ts>
  auto spawn_blocking(F f, Ts&&... args);

  caf::actor_system& system;
  node_config config;
  node_env env;
  std::mt19937_64 random;
  std::uint64_t process = 0;
  std::shared_ptr<node_metrics> metrics = std::make_shared<node_metrics>();
  std::shared_ptr<node_inbox> inbox = std::make_shared<node_inbox>(env.transport);
  std::shared_ptr<failure_watch> watch = std::make_shared<failure_watch>();
  router_port router;
  oracle_port oracle;
  guide_port guide;   ///< the same one, on a leaf
  finder_port finder; ///< of replicas; invalid: those of the config
  std::shared_ptr<oracle_slot> known = std::make_shared<oracle_slot>();
  syncer_port syncer;
  access_feed accesses;
  compactor_port rewriter;
  std::mutex changes;                  ///< of the actors, once they are composed: roles change, or the node stops
  std::vector<instance_actors> actors; ///< in config order, as `handles`
  std::vector<instance_handle> handles;
};

template <class F, class... Ts>
auto node::parts::spawn_blocking(F f, Ts&&... args) {
  if (env.detach_blocking) return system.spawn<caf::detached>(f, std::forward<Ts>(args)...);
  return system.spawn(f, std::forward<Ts>(args)...);
}

template <class Handle>
Handle node::parts::watched(Handle actor, const char* what, const std::string& instance) {
  auto text = instance.empty() ? std::string{what} : fmt::format("{} of instance {}", what, instance);
  caf::actor_cast<caf::abstract_actor*>(actor)->attach_functor([text, watch = watch](const caf::error& reason) {
    if (reason == caf::exit_reason::user_shutdown) return;
    if (!watch->quiet.exchange(true) && watch->tell)
      watch->tell(fmt::format("the {} has ended: {}", text, describe(reason)));
  });
  return actor;
}

} // namespace argentum::actors
