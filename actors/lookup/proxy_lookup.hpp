// SPDX-License-Identifier: Apache-2.0
// Fetches the values that a proxy has evicted. Equal misses are asked for once; misses that arrive together travel
// together, because the first of a burst only leaves a note (`flush`) behind the others in the mailbox. A value is
// delivered and cached only if the replica is on the proxy's log, as the trail of positions in each request shows,
// and its version is the one that the proxy knows: anything else is divergence and is never served. A full copy may
// be of another log, so what was asked for before it is not answered any more. Replicas that are behind, slow or
// gone are replaced by others; only when nobody could answer within the deadline, or all said that they no longer
// can, the reader gets an error. Whether a value is cached is up to the evictor, and to how often its key was asked
// for (asked_keys): near the limits of the disk only what was asked for before, over them nothing. What came with a
// range counts as not asked for: a scan leaves the cache as it was. Which replicas there are may change at any time
// (set_replicas). One that is late gets company from a second one (hedging), and one that failed is tried again
// with copies of requests that another one answers: no reader waits for it. Bounds: limits::misses_max,
// miss_waiters_max, fetched_bytes_max, lookup_keys_max, lookups_in_flight_max, pool_replicas_max; what the replicas
// could not answer in time is refused (service_rate). One tick sweeps all deadlines, only while there is something
// to wait for. Uses: store, its view, router, transport.
#pragma once

#include "actors/log_pace.hpp"
#include "actors/lookup/asked_keys.hpp"
#include "actors/lookup/hedging.hpp"
#include "actors/lookup/miss_table.hpp"
#include "actors/lookup/pending_fetches.hpp"
#include "actors/lookup/position_trail.hpp"
#include "actors/lookup/replica_pool.hpp"
#include "actors/lookup/service_rate.hpp"
#include "actors/wake_up.hpp"
#include "messages/limits.hpp"
#include "messages/metrics.hpp"
#include "messages/ports.hpp"
#include "messages/transport.hpp"
#include "storage/store.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace argentum::actors {

struct proxy_lookup_config {
  std::string instance;
  std::vector<std::string> replicas; ///< "host:port": the first set
  std::string datacenter;            ///< our own; empty: all replicas count as near
  std::chrono::milliseconds deadline = limits::lookup_deadline;
  std::uint64_t seed = 0; ///< choice of replicas, jitter of redials
  std::shared_ptr<instance_metrics> metrics;
  std::shared_ptr<pool_slot> report = std::make_shared<pool_slot>();
  bool replicas_will_come = false; ///< until somebody names them, reads wait as far as their deadline
};

using proxy_lookup_actor = proxy_lookup_port::extend<takes<flush>>;

struct proxy_lookup_state {
  static inline const char* name = "argentum.proxy_lookup";

  explicit proxy_lookup_state(proxy_lookup_actor::pointer owner) : self(owner) {}

  void on_fetch(fetch_command& command);
  void on_opened(const link_opened& event);
  void on_closed(const link_closed& event);
  void on_response(link_id link, lookup_response& response);
  void on_replicas(const set_replicas& m);
  void judge(miss_id id, replica_no replica, lookup_answer& answer);
  void deliver(miss_id id, std::string value);
  void note_health(replica_no replica, const lookup_response& response);
  /// Why these reads need not wait; counted.
  caf::error refusal(const fetch_command& command) const;
  void ask_elsewhere(miss_id id, replica_no replica, replica_verdict verdict);
  void settle(miss_id id);
  void settle_waiting();
  bool admits(const std::string& key) const;
  void fail_miss(miss_id id);
  void fail_fetch(fetch_id id, const caf::error& reason);
  caf::error failure_of(const miss& what) const;
  void report_other_log(replica_no replica);
  /// Notices that the data have been replaced. The view in use; null if it is a replica's.
  std::shared_ptr<const storage::read_view> look();
  void note_head(const storage::read_view& current);
  void on_applied(const batch_applied& event);
  void request_flush();
  time_point now() const;

  // -- lookup_requests.cpp ------------------------------------------------------------------------------------
  /// Sends what waits, as far as the replicas take it.
  void on_flush();
  void on_tick();
  /// At `t`, by which the pool knows the request too. It has noted a first one already.
  void send(const std::vector<miss_id>& ids, replica_no replica, sent_as why, time_point t);
  void probe(const std::vector<miss_id>& ids, time_point t);
  /// Has late requests answered by somebody else.
  void hedge();
  void time_out();
  void expire_fetches();
  void note_isolated(replica_no replica);
  bool may_ask_all(const std::vector<miss_id>& ids, replica_no replica) const;
  void ask_for_links();
  void publish();
  /// At the end of whatever happened: lets go of replicas that have left, and sees to it that a tick comes in time
  /// for whatever is next.
  void wrap_up();

  proxy_lookup_actor::pointer self;
  proxy_lookup_config config;
  store_port store;
  std::shared_ptr<const storage::view_slot> view;
  router_port router;
  std::shared_ptr<peer_transport> transport;
  std::mt19937_64 random;
  replica_pool pool;
  bool replicas_named = true;
  hedging hedges;
  service_rate service;
  miss_table misses;
  pending_fetches fetches{limits::fetched_bytes_max};
  asked_keys asked;
  admission admit = admission::open;
  data_source source;    ///< of all fetches, and of the trail
  bool kept = false;     ///< though a replica's data replace it
  position_trail trail;  ///< of our own log
  bool flushing = false; ///< a flush is in the mailbox
  wake_up timer;
  log_pace other_log{std::chrono::seconds{1}}; ///< of answers of replicas that are on one
  time_point published{};
  bool to_publish = false; ///< the pool has changed since
};

proxy_lookup_actor::behavior_type proxy_lookup(proxy_lookup_actor::stateful_pointer<proxy_lookup_state> self,
                                               proxy_lookup_config config, store_port store,
                                               std::shared_ptr<const storage::view_slot> view, router_port router,
                                               std::shared_ptr<peer_transport> transport);

} // namespace argentum::actors
