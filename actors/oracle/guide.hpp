// SPDX-License-Identifier: Apache-2.0
// The oracle of a leaf, which is no member of the overlay: it knows a few intermediates and asks them. From seeds,
// and from what an earlier process has kept, it finds those of its own datacenter and the nearest others, stays
// linked with a few, asks them again and again who is near, and says which replicas others may ask here for. So it
// can name upstreams to the sinks (it asks them by datagrams how they are) and replicas to the proxies. When all
// intermediates are gone, it goes on with what it knows, and tries those that it has heard of, and the seeds.
//
// The rules are guide_choice and guide_table (links), address_book (what is known) and upstream_survey. Bounds:
// limits of oracle_limits.hpp, "leaves". Uses: router_port, proxy_lookup_port, the transports of links and of
// datagrams.
#pragma once

#include "actors/oracle/address_book.hpp"
#include "actors/oracle/datagram_gate.hpp"
#include "actors/oracle/fed_proxies.hpp"
#include "actors/oracle/guide_table.hpp"
#include "actors/oracle/open_surveys.hpp"
#include "actors/oracle/own_status.hpp"
#include "actors/wake_up.hpp"
#include "messages/metrics.hpp"
#include "messages/oracle_report.hpp"
#include "messages/ports.hpp"
#include "messages/transport.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace argentum::actors {

struct guide_config {
  std::string node;    ///< our name
  std::string address; ///< "host:port" at which others reach our links and datagrams
  std::string datacenter;
  std::vector<std::string> seeds;                                       ///< addresses of some intermediates
  gossip_form form;                                                     ///< knows the keys
  std::chrono::milliseconds stale_after = limits::upstream_stale_after; ///< older news of the root count as none
  std::string kept; ///< what `save` was given last, by an earlier process
  std::function<void(std::string)>
      save;               ///< must only hand over; every contacts_save_interval at most, and at the end
  std::uint64_t seed = 0; ///< of jitter and tokens
  std::shared_ptr<node_metrics> metrics;
  metrics_of_instances instances;
  std::shared_ptr<oracle_slot> report; ///< where it is published
};

struct guide_state {
  static inline const char* name = "argentum.guide";

  explicit guide_state(guide_port::pointer owner) : self(owner) {}

  // guide.cpp: links to intermediates, what they say, who is told of it
  void on_opened(const link_opened& m);
  void on_closed(const link_closed& m);
  void on_reply(link_id link, const nearest_reply& m);
  void on_served(const set_served& m);
  void on_add(const add_proxy& m);
  void on_tick();
  void on_exit();
  void look();
  void take_turns();
  void say_served(link_id link);
  void tell_proxies();
  void save_changes();
  void arm();
  void send(link_id link, peer_body body);
  time_point now() const { return self->clock().now(); }

  // guide_survey.cpp: datagrams, questions of sinks
  void on_find(find_upstreams& m);
  void on_datagram(const datagram& m);
  void on_query(const std::string& address, const status_query& m);
  void on_answer(const status_answer& m);
  void advance_surveys();
  std::vector<survey_contact> contacts_for(const std::string& instance) const;
  void note_answers(const std::vector<upstream_candidate>& found);
  void send(const std::string& address, gossip_body body);

  // guide_report.cpp
  leaf_report report() const;

  guide_port::pointer self;
  guide_config config;
  router_port router;
  datagram_gate gate;
  std::shared_ptr<peer_transport> transport;
  address_book book;
  guide_table guides;
  std::vector<std::string> served; ///< our replica instances
  fed_proxies proxies;
  open_surveys surveys;
  std::map<std::string, std::vector<contact>> surveyed; ///< by instance: who has answered last
  std::string saved;
  time_point look_at, save_at;
  wake_up timer;
};

guide_port::behavior_type guide(guide_port::stateful_pointer<guide_state> self, guide_config config,
                                router_port router, std::shared_ptr<datagram_transport> datagrams,
                                std::shared_ptr<peer_transport> transport);

} // namespace argentum::actors
