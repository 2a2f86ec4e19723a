// SPDX-License-Identifier: Apache-2.0
// Owns every link of the node. Users ask for an address and share one link to it, whatever their number; servers
// answer on links that others dialled. The router does the hello of both directions, notices silent peers, and is
// the only one that closes links. Messages about instances do not pass through it (see node_inbox.hpp).
//
// Hello: the dialler says it first, the dialled side answers with its own once it has accepted the dialler's.
// A refusal is a goodbye with the reason in clear text.
// Closing: users hear of it at once; servers when the transport has reported the link broken, which is the last
// event of a link, so nothing of that link can reach a server afterwards.
// Bounds: limits::links_max accepted links, hello_timeout, link_silence_max. Uses: link users and servers.
#pragma once

#include "actors/peer/link_gate.hpp"
#include "actors/peer/link_table.hpp"
#include "messages/metrics.hpp"
#include "messages/ports.hpp"
#include "messages/transport.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace argentum::actors {

struct router_config {
  std::string node;          ///< our name
  std::uint64_t process = 0; ///< random id of this process
  node_role role = node_role::leaf;
  std::string datacenter;
  std::uint64_t seed = 0; ///< where the tokens of our pings start
  std::shared_ptr<node_metrics> metrics;
  std::shared_ptr<link_gate> gate; ///< node_inbox::gate()
};

struct peer_router_state {
  static inline const char* name = "argentum.router";

  explicit peer_router_state(router_port::pointer owner) : self(owner) {}

  void on_want(want_link& m);
  void on_release(const release_link& m);
  void on_drop(const drop_link& m);
  void on_forget(const forget_actor& m);
  void on_accepted(const link_accepted& m);
  void on_dialled(const link_dialled& m);
  void on_broken(const link_broken& m);
  void on_peer(link_id link, const peer_body& body);
  void on_tick();
  void on_exit();

  void on_hello(link_id link, const hello& peer);
  void on_goodbye(link_id link, const link_row& row, const goodbye& bye);
  void refuse(link_id link, const std::string& reason);
  void unshare(link_id link, const caf::actor_addr& user);
  void close(link_id link, const caf::error& reason);
  void tell_users(link_id link, const link_row& row, const caf::error& reason);
  void send(link_id link, peer_body body);
  void gate_shut(link_id link);
  void publish_count();
  hello own_hello() const;
  std::chrono::steady_clock::time_point now() const;

  router_port::pointer self;
  router_config config;
  std::shared_ptr<peer_transport> transport;
  std::vector<link_server_port> servers;
  link_table links;
  std::map<link_id, std::vector<link_user_port>> users; ///< of links that we have dialled
  std::uint64_t ping_token = 0;
};

router_port::behavior_type peer_router(router_port::stateful_pointer<peer_router_state> self, router_config config,
                                       std::shared_ptr<peer_transport> transport);

} // namespace argentum::actors
