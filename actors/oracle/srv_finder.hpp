// SPDX-License-Identifier: Apache-2.0
// Finds replicas for proxies by DNS: SRV records (RFC 2782) of a name for each instance and datacenter, as Consul,
// CoreDNS or any other server gives them. Our own datacenter comes first, then the others as configured, and within
// one the lower priorities; weights mean nothing here, since the pool chooses by load. Names, times and old
// answers: srv_cache; who is told: fed_proxies. Uses: proxy_lookup_port, the resolvers.
#pragma once

#include "actors/oracle/fed_proxies.hpp"
#include "actors/oracle/srv_cache.hpp"
#include "actors/wake_up.hpp"
#include "messages/metrics.hpp"
#include "messages/ports.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <string>
#include <vector>

namespace argentum::actors {

/// Where the replicas of one datacenter are asked for.
struct srv_place {
  std::string datacenter;
  std::string pattern; ///< "_argentum._tcp.{instance}.{datacenter}.svc.example."
  srv_resolver resolve;
};

struct srv_finder_config {
  std::string node;              ///< of too many records it takes its own choice
  std::vector<srv_place> places; ///< our own datacenter's first, then the nearest
  std::uint64_t seed = 0;        ///< of the jitter
  std::shared_ptr<node_metrics> metrics;
};

/// The pattern with its placeholders filled in.
std::string srv_name(const srv_place& place, const std::string& instance);

using srv_finder_actor = finder_port::extend<takes<srv_heard>, takes<tick>>;

struct srv_finder_state {
  static inline const char* name = "argentum.srv_finder";

  explicit srv_finder_state(srv_finder_actor::pointer owner) : self(owner) {}

  void on_add(const add_proxy& m);
  void on_remove(const remove_proxy& m);
  void on_heard(const srv_heard& m);
  void on_tick();
  void choose_names();
  void ask();
  void tell_proxies();
  set_replicas replicas_of(const std::string& instance) const;
  time_point now() const { return self->clock().now(); }

  srv_finder_actor::pointer self;
  srv_finder_config config;
  srv_cache cache;
  fed_proxies proxies;
  wake_up timer;
};

srv_finder_actor::behavior_type srv_finder(srv_finder_actor::stateful_pointer<srv_finder_state> self,
                                           srv_finder_config config);

} // namespace argentum::actors
