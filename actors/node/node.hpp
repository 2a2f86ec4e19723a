// SPDX-License-Identifier: Apache-2.0
// Composition of a node by role: the only place that knows every actor. An instance gets
//
//   root          storage, version_collector, sequencer, source, lookup_server
//   intermediate  storage, version_collector, sink, source, lookup_server
//   leaf replica  storage, version_collector, sink, source, lookup_server
//   leaf proxy    storage, evictor, sink, proxy_lookup
//
// while its data are of the other role, the actors of both; and the node one peer_router for all links, one
// disk_syncer and one compactor, a working_set if reads are sampled, for the oracle a gossip or, on a leaf, a
// guide, and a srv_finder if replicas are found by DNS.
#pragma once

#include "actors/node/node_config.hpp"
#include "actors/node/node_env.hpp"
#include "actors/working_set/access_feed.hpp"
#include "actors/working_set/working_set_report.hpp"
#include "messages/datagrams.hpp"
#include "messages/metrics.hpp"
#include "messages/oracle_report.hpp"
#include "messages/pool_report.hpp"
#include "messages/ports.hpp"
#include "messages/shared_slot.hpp"
#include "storage/store.hpp"

#include <caf/actor_system.hpp>

#include <memory>
#include <string>
#include <vector>

namespace argentum::actors {

/// What follows the role of an instance, which may change: load it anew for each use.
struct role_handles {
  instance_role role = instance_role::replica; ///< wanted; the data in use may be the other's for a while
  fetch_port fetch;                            ///< empty: no value is missing
  source_port source;                          ///< empty: a proxy
};
using role_slot = shared_slot<const role_handles>;

/// What a client session needs of one instance. No sequencer = read only.
struct instance_handle {
  std::string name;
  std::shared_ptr<const role_slot> now; ///< never null in it
  std::shared_ptr<const storage::view_slot> view;
  std::shared_ptr<instance_metrics> metrics;
  store_port store;
  sequencer_port sequencer;
  std::shared_ptr<const working_set_slot> working_set{}; ///< null: reads are not sampled
  std::shared_ptr<pool_slot> pool{};                     ///< while it is a proxy; null: there is none

  instance_role role() const { return now->load()->role; }
};

/// A running node. Destroying it does not stop the actors: call stop first, then wait for the actor system.
class node {
 public:
  /// Opens the stores and starts the actors; on error nothing is left running.
  static caf::expected<std::unique_ptr<node>> start(caf::actor_system& system, node_config config, node_env env);
  ~node();

  const node_config& config() const noexcept;
  const std::vector<instance_handle>& instances() const noexcept;
  std::shared_ptr<node_metrics> metrics() const noexcept;
  /// For the sessions, to have their reads sampled.
  const access_feed& accesses() const noexcept;
  /// Where the transport delivers.
  std::shared_ptr<peer_inbox> inbox() const noexcept;
  /// Where datagrams are delivered; empty without an oracle.
  datagram_inbox datagrams() const;
  /// What the oracle knows; null in it without one.
  std::shared_ptr<const oracle_slot> oracle() const noexcept;
  /// The random id of this process, as in its hello.
  std::uint64_t process() const noexcept;
  /// Makes an instance, by its number, the other role's while it serves. Thread-safe, returns at once; `invalid` if
  /// the config does not allow it.
  caf::error change_role(std::size_t number, instance_role role);
  /// Asks every actor to finish, stores when all others have, each synced; drops all handles. Does not wait: the
  /// actor system does.
  void stop();

 private:
  struct parts;
  explicit node(std::shared_ptr<parts> parts);
  std::shared_ptr<parts> parts_;
};

} // namespace argentum::actors
