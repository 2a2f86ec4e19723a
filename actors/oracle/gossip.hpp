// SPDX-License-Identifier: Apache-2.0
// The Network Oracle of roots and intermediates: who is there, how far away, and how their instances are. The rules
// are swim (membership and round trips), upstream_survey (who can be followed), status_board, and for leaves
// nearest and replica_registry; this actor hands them what arrives and the time, sends what they say, and
// exchanges full states over links, one at a time: it dials, says what it knows, merges the answer, and lets go of
// the link.
//
// Bounds: limits of oracle_limits.hpp. Uses: router_port for links, the transports of datagrams and of links.
#pragma once

#include "actors/oracle/datagram_gate.hpp"
#include "actors/oracle/nearest.hpp"
#include "actors/oracle/open_surveys.hpp"
#include "actors/oracle/own_status.hpp"
#include "actors/oracle/replica_registry.hpp"
#include "actors/oracle/status_board.hpp"
#include "actors/oracle/swim.hpp"
#include "actors/wake_up.hpp"
#include "messages/oracle_report.hpp"
#include "messages/ports.hpp"
#include "messages/transport.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <deque>
#include <memory>
#include <optional>

namespace argentum::actors {

struct gossip_config {
  std::string node;    ///< our name
  std::string address; ///< "host:port" at which others reach our links and datagrams
  node_role role = node_role::intermediate;
  std::string datacenter;
  std::uint64_t process = 0;                ///< microseconds of the wall clock at our start
  std::vector<std::string> seeds;           ///< addresses of some members; empty: others find us
  gossip_form form;                         ///< knows the keys
  std::chrono::milliseconds stale_after{0}; ///< older news of the root count as none
  std::uint64_t seed = 0;
  std::shared_ptr<node_metrics> metrics;
  metrics_of_instances instances;
  std::shared_ptr<oracle_slot> report; ///< where it is published
};

struct gossip_actor_state {
  static inline const char* name = "argentum.gossip";

  explicit gossip_actor_state(oracle_port::pointer owner) : self(owner) {}

  // gossip.cpp: datagrams, surveys, time
  void on_datagram(const datagram& m);
  void on_message(const std::string& address, const gossip_message& m);
  void on_answer(const status_answer& m);
  void on_find(find_upstreams& m);
  void on_tick();
  void on_exit();
  void send_body(const std::string& address, gossip_body body);
  void advance_surveys();
  /// Sends what the rules have to say, and sees to the next tick.
  void flush();
  time_point now() const { return self->clock().now(); }

  // gossip_exchange.cpp: full states
  void on_opened(const link_opened& m);
  void on_closed(const link_closed& m);
  void on_state(link_id link, const gossip_state& m);
  void want_exchange(std::string address);
  void exchange_next();
  void hear_statuses(const member_report& m);
  void end_exchange(bool done);
  std::string sealed_state() const;

  // gossip_report.cpp: what is known, for others
  void on_nearest(link_id link, const nearest_request& m);
  void on_register(const register_replica& m);
  std::chrono::milliseconds report_pause() const;
  void publish();
  oracle_report report() const;
  oracle_report::row row_of(const member_table::row& r) const;
  std::vector<survey_contact> contacts_for(const std::string& instance) const;

  struct exchange {
    std::string address;
    link_id link; ///< 0 until it is open
    time_point deadline;
  };

  oracle_port::pointer self;
  gossip_config config;
  router_port router;
  datagram_gate gate;
  std::shared_ptr<peer_transport> transport;
  std::optional<swim> rules;
  status_board board;
  open_surveys surveys;
  std::optional<nearest> neighbourhood;
  time_point neighbourhood_at; ///< when it is to be made anew
  replica_registry registry;
  std::optional<exchange> current;
  std::deque<std::string> waiting; ///< addresses to exchange full states with
  time_point report_at;
  wake_up timer;
};

oracle_port::behavior_type gossip(oracle_port::stateful_pointer<gossip_actor_state> self, gossip_config config,
                                  router_port router, std::shared_ptr<datagram_transport> datagrams,
                                  std::shared_ptr<peer_transport> transport);

} // namespace argentum::actors
