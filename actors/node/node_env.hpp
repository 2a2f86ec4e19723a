// SPDX-License-Identifier: Apache-2.0
// The seams: all that a node touches outside its actors. Production and simulation differ in this and nothing else.
// Timers and monotonic time come from the actor system's clock, which the simulation replaces too.
#pragma once

#include "actors/node/node_config.hpp"
#include "actors/working_set/sample_exporter.hpp"
#include "messages/datagrams.hpp"
#include "messages/gossip.hpp"
#include "messages/name_service.hpp"
#include "messages/transport.hpp"
#include "storage/store.hpp"

#include <functional>
#include <memory>

namespace argentum::actors {

struct node_env {
  /// Wall clock; only the root stamps entries with it.
  std::function<stamp_t()> wall_now;
  /// Where an instance's data lives.
  std::function<caf::expected<std::unique_ptr<storage::store_home>>(const instance_config&)> open_home;
  /// The network; it is given the node's inbox by whoever made both. Actors may dial before that: the transport
  /// must hold such dials back until it knows the inbox.
  std::shared_ptr<peer_transport> transport;
  /// For the oracle, if the node has one: datagrams, their byte form, and what a leaf's earlier process has kept.
  std::shared_ptr<datagram_transport> datagrams;
  gossip_form form;
  std::string contacts;
  std::function<void(std::string)> save_contacts;
  /// One for each of the config's services.
  std::vector<srv_resolver> resolvers;
  /// Where sampled reads go beside the node's own estimate; empty: nowhere.
  sample_exporter export_samples;
  /// Source of all randomness (jitter, choice of replicas, instance ids).
  std::uint64_t seed = 0;
  /// Actors that block on the disk get a thread of their own; false in the simulation.
  bool detach_blocking = true;
  /// An actor ended that nobody asked to: the node is broken and its process should end. At most once, from any
  /// thread, with a text for people.
  std::function<void(std::string)> on_failure;
};

} // namespace argentum::actors
