// SPDX-License-Identifier: Apache-2.0
// Sorts what arrives from the network, in the transport's threads: messages about the link itself go to the router,
// messages about nodes to the oracle, messages about an instance straight to the actor that serves them, so that
// bulk data has one mailbox hop only. Nothing but the first passes before the router has accepted the link's hello
// (link_gate.hpp).
#pragma once

#include "actors/peer/link_gate.hpp"
#include "messages/ports.hpp"
#include "messages/shared_slot.hpp"
#include "messages/transport.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace argentum::actors {

/// The actors of one instance; handles of parts that this node does not have are invalid.
struct instance_routes {
  source_port source;
  sink_port sink;
  lookup_server_port lookup_server;
  proxy_lookup_port proxy_lookup;
};

/// Thread-safe. The transport needs it before there are actors: until `attach` and after `detach` all is ignored.
class node_inbox final : public peer_inbox {
 public:
  /// The transport answers questions about instances that are not here.
  explicit node_inbox(std::shared_ptr<peer_transport> transport);

  /// Once, before anything is delivered.
  void attach(router_port router, std::map<std::string, instance_routes> instances = {});
  /// From now on these actors serve the instance; ignored after `detach`.
  void route(const std::string& instance, instance_routes actors);
  /// Who takes messages about nodes; ignored after `detach`.
  void consult(oracle_port oracle);
  /// Releases the actors, so that the actor system can end. Also releases the transport.
  void detach();
  /// For the router.
  std::shared_ptr<link_gate> gate() const noexcept { return gate_; }

  void accepted(link_accepted event) override;
  void dialled(link_dialled event) override;
  void broken(link_broken event) override;
  void received(link_id link, peer_message message) override;

 private:
  struct table {
    std::shared_ptr<peer_transport> transport;
    router_port router;
    oracle_port oracle; ///< invalid: such messages are ignored
    std::map<std::string, instance_routes> instances;
  };
  template <class Event>
  void to_router(Event event);
  /// Changes the table if there is one still.
  void change(const std::function<void(table&)>& how);

  std::shared_ptr<peer_transport> transport_; ///< until attach
  std::shared_ptr<link_gate> gate_ = std::make_shared<link_gate>();
  std::mutex changes_; ///< of the table, one at a time
  shared_slot<const table> table_;
};

} // namespace argentum::actors
