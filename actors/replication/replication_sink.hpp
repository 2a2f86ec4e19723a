// SPDX-License-Identifier: Apache-2.0
// Follows one upstream for one instance. It subscribes from the store's position, checks the order and the chain of
// what comes, hands it to the store, and gives credit back for what was applied: what is under way is bounded by
// that credit. When the upstream's log no longer reaches back it receives a full copy beside the data in use. An
// upstream that is lost, stale, too slow, diverged or below us is left for the next in a fixed list, or for one
// that the oracle finds; then a much cheaper one is moved to as well. Uses: store_port, router_port, the transport,
// source_port (news of the root), oracle_port.
//
//   waiting -> (searching) -> linking -> subscribing -> following
//                                          |  ^          |          any trouble: back to waiting
//                                          v  '----------|------.
//                                        asking <--------'      |
//                                          '-> importing -> finishing
#pragma once

#include "actors/replication/earlier_news.hpp"
#include "actors/replication/history_clock.hpp"
#include "actors/replication/lag_watch.hpp"
#include "actors/replication/loop_guard.hpp"
#include "actors/replication/news_watch.hpp"
#include "actors/replication/order_check.hpp"
#include "actors/replication/receipts.hpp"
#include "actors/replication/upstream_choice.hpp"
#include "actors/replication/upstream_search.hpp"
#include "actors/wake_up.hpp"
#include "messages/limits.hpp"
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

struct sink_config {
  std::string instance;
  std::string node;
  instance_role role = instance_role::replica;
  std::vector<std::string> upstreams; ///< peer addresses in order of preference; without an oracle
  std::chrono::milliseconds stale_after = limits::upstream_stale_after;
  std::uint64_t seed = 0; ///< of the jitter
  std::chrono::milliseconds history_span = limits::history_span;
  std::shared_ptr<instance_metrics> metrics;
  node_role place = node_role::leaf;
  std::string address; ///< where this instance can be followed; empty: nowhere
  oracle_port oracle;  ///< finds upstreams; invalid: `upstreams` it is
};

enum class sink_phase : std::uint8_t {
  waiting,     ///< for `retry_at`
  searching,   ///< for the oracle
  linking,     ///< for the router
  subscribing, ///< for the verdict
  following,
  asking,    ///< for a full copy: perhaps in line
  importing, ///< receiving it
  finishing, ///< all received, the store switches to it
};

struct sink_state {
  static inline const char* name = "argentum.sink";
  explicit sink_state(sink_port::pointer owner);

  sink_port::behavior_type make_behavior();

  // links
  void connect();
  void on_opened(const link_opened& what);
  void on_closed(const link_closed& what);
  void on_tick();
  void on_role(const follow_as& what);
  /// Stops with this upstream and tries again after `delay`.
  void leave(upstream_choice::delay delay);
  /// Leaves an upstream that can't serve us for the next one; the oracle need not name it for a while.
  void avoid(const caf::error& why);
  /// Stops for a while, then goes on with the same upstream.
  void pause(const caf::error& why);
  /// The upstream broke the protocol.
  void hang_up(const caf::error& why);
  /// The upstream's data is not ours: never applied.
  void diverge(const caf::error& why);

  // searching
  void search();
  void ask_oracle(const std::string& current);
  void on_found(const upstreams_found& what);
  /// Moves to the best of them if that is worth it, or if the current one is silent and they are not.
  void review(std::vector<upstream_candidate> found);
  bool worth_a_try(const upstream_candidate& who) const;
  /// News of the root are late: the upstream may be cut off or dead, long before it is stale.
  bool in_doubt(time_point now) const noexcept { return watch.stale(now, limits::upstream_doubt_after); }
  void move_to(const std::vector<upstream_candidate>& found);
  /// Whether the one that gave this verdict can't be below us; leaves it if it can.
  bool above_us(const subscribe_reply& reply);
  /// The news that we have heard keep us from following others: nobody follows us, and they are forgotten.
  void start_over();

  // following
  void subscribe();
  void on_reply(link_id from, const subscribe_reply& reply);
  /// Whether reply's instance is ours; leaves the upstream if not.
  bool same_instance(const subscribe_reply& reply);
  void follow(const subscribe_reply& reply);
  void on_batch(link_id from, const entry_batch& batch);
  void applied(std::size_t bytes, const store_report& now);
  void apply_failed(const caf::error& why);
  void on_heartbeat(link_id from, const heartbeat& news);
  void show_news(const heartbeat& news);
  void on_synced(index_t durable);
  void acknowledge();
  /// Credit for what was applied or imported.
  void give_back(std::size_t bytes);

  // full copies
  void ask_copy();
  void on_wait(link_id from, const snapshot_wait& what);
  void on_begin(link_id from, const snapshot_begin& what);
  void on_chunk(link_id from, snapshot_chunk& chunk);
  void finish_copy();
  void copy_failed(const caf::error& why);

  bool hears(link_id from) const noexcept { return link.value != 0 && from == link; }
  /// Logs what went wrong with the current upstream, once in a row: retries would repeat it for hours.
  void complain(const std::string& what);
  /// ... and shows it as the last error. `what`: what we do about it.
  void note_trouble(const std::string& what, const caf::error& why);
  void send(peer_body body);
  /// A handler that runs `f` only if this sink still deals with the same attempt when the answer comes.
  template <class F>
  auto if_current(F f) {
    return with_attempt(f, &F::operator());
  }
  template <class F, class Arg>
  auto with_attempt(F f, void (F::*)(Arg) const) { // CAF wants to see the argument's type
    return [this, f, number = attempt](Arg answer) {
      if (number == attempt) f(answer);
    };
  }

  sink_port::pointer self;
  sink_config config;
  store_port store;
  router_port router;
  std::shared_ptr<peer_transport> transport;
  source_port source;

  sink_phase phase = sink_phase::waiting;
  std::uint64_t attempt = 0; ///< counts connects and subscriptions: older answers mean nothing any more
  link_id link;
  std::string peer;   ///< its name
  std::string wanted; ///< the address that the router was asked for
  node_role peer_role = node_role::leaf;
  std::string last_upstream;
  store_report report;
  history_clock history;
  upstream_choice upstreams;
  upstream_search search_rules;
  loop_guard guard;
  earlier_news earlier;
  std::map<std::string, std::string> complaints; ///< the last one of each upstream
  order_check order;
  owed_credit owed;
  ack_pace acks;
  news_watch watch;
  lag_watch lag;
  std::size_t unapplied_bytes = 0; ///< the store still has to apply them
  import_progress progress;
  std::string last_key;
  bool keys_seen = false;   ///< `last_key` is one
  bool copy_afresh = false; ///< what an earlier copy left can't be gone on with
  time_point following_since;
  time_point asked_at; ///< the oracle
  time_point retry_at;
  time_point next_check;
  wake_up timer;
};

/// `source` is invalid for a proxy.
sink_port::behavior_type replication_sink(sink_port::stateful_pointer<sink_state> self, sink_config config,
                                          store_port store, router_port router,
                                          std::shared_ptr<peer_transport> transport, source_port source);

} // namespace argentum::actors
