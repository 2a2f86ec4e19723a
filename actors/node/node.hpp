// SPDX-License-Identifier: Apache-2.0
// Composition of a node by role: the only place that knows every actor. An instance gets
//
//   root          storage, version_collector, sequencer, source, lookup_server
//   intermediate  storage, version_collector, sink, source, lookup_server
//   leaf replica  storage, version_collector, sink, source, lookup_server
//   leaf proxy    storage, evictor, sink, proxy_lookup (a replica too, while its data are a proxy's)
//
// and the node one peer_router for all links, one disk_syncer and one compactor.
#pragma once

#include "actors/node/node_config.hpp"
#include "actors/node/node_env.hpp"
#include "messages/metrics.hpp"
#include "messages/ports.hpp"
#include "storage/store.hpp"

#include <caf/actor_system.hpp>

#include <memory>
#include <string>
#include <vector>

namespace argentum::actors {

/// What a client session needs of one instance. Handles may be empty: no sequencer = read only, no fetch = replica,
/// no source = proxy.
struct instance_handle {
  std::string name;
  instance_role role = instance_role::replica;
  std::shared_ptr<const storage::view_slot> view;
  std::shared_ptr<instance_metrics> metrics;
  store_port store;
  sequencer_port sequencer;
  fetch_port fetch;
  source_port source;
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
  /// Where the transport delivers.
  std::shared_ptr<peer_inbox> inbox() const noexcept;
  /// The random id of this process, as in its hello.
  std::uint64_t process() const noexcept;
  /// Asks every actor to finish, stores when all others have, each synced; drops all handles. Does not wait: the
  /// actor system does.
  void stop();

 private:
  struct parts;
  explicit node(std::unique_ptr<parts> parts);
  std::unique_ptr<parts> parts_;
};

} // namespace argentum::actors
