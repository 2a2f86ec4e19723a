// SPDX-License-Identifier: Apache-2.0
// Serves one instance's downstreams: each from its own position, as far as its credit reaches, out of a tail in
// memory or else the log. A downstream costs a cursor and at most one batch, however far behind it is; one that
// stalls just stops being sent. When the log no longer reaches back, a full copy is sent, one downstream at a time.
// Hands news of the root down the tree. Uses: store_port, the transport.
#pragma once

#include "actors/replication/ack_waiters.hpp"
#include "actors/replication/cursor.hpp"
#include "actors/replication/log_tail.hpp"
#include "actors/replication/root_news.hpp"
#include "actors/replication/snapshot_line.hpp"
#include "actors/wake_up.hpp"
#include "messages/metrics.hpp"
#include "messages/oracle_limits.hpp"
#include "messages/ports.hpp"
#include "messages/transport.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>

namespace argentum::actors {

struct source_config {
  std::string instance;
  std::string node;
  node_role role = node_role::intermediate;
  std::function<stamp_t()> wall_now; ///< root only
  std::shared_ptr<instance_metrics> metrics;
  std::size_t downstreams_max = limits::downstreams_max;
  std::uint64_t seed = 0; ///< of the choice of alternatives
};

struct source_state {
  static inline const char* name = "argentum.source";
  explicit source_state(source_port::pointer owner);

  struct downstream {
    cursor position;
    contact who;
    node_role place = node_role::leaf;
    std::uint64_t subscription = 0; ///< answers of the store to an earlier one are dropped
    bool reading = false;           ///< this subscription waits for a log read
    index_t from = 0;               ///< where it was when it subscribed: no older copy is of use
    std::optional<snapshot_request> wish;
  };
  /// The bootstrap that is being served.
  struct transfer {
    std::uint64_t number = 0; ///< answers of the store to an earlier one are dropped
    link_id link;
    instance_role role = instance_role::replica;
    std::uint64_t id = 0; ///< of the export, 0 = being opened
    std::string after_key;
    bool from_start = true;
    credit takes;
    bool reading = false;
    bool sent = false;   ///< all of it: waits for the receiver to subscribe
    time_point progress; ///< when it last moved
  };

  source_port::behavior_type make_behavior();

  // following
  /// From the first downstream on: a leaf need not hear of what nobody asks it for, nor keep a tail.
  void listen();
  void subscribe(link_id link, const subscribe_request& what);
  /// Full: names some who follow us and can be followed themselves.
  void refuse_full(link_id link);
  /// Sends a leaf away, as if it had come now; false if none follows.
  bool send_leaf_away();
  /// The downstream if it is still there and has not subscribed anew since.
  downstream* find(link_id link, std::uint64_t subscription);
  void answer(link_id link, const subscribe_request& what, const position_check& check);
  void refuse(link_id link, subscribe_verdict verdict);
  void refuse_all();
  void take_credit(link_id link, std::uint64_t bytes);
  void take_ack(link_id link, const replication_ack& ack);
  void forget(link_id link);
  void wait_for_acks(wait_acks& wish);
  /// Answers those whose wait is over, and asks for a tick at the next deadline.
  void update_waiters();
  void on_applied(const batch_applied& what);
  void pump(link_id link, downstream& to);
  void pump_all();
  void send_run(link_id link, downstream& to, const record_run& run);
  void read_logs();
  void log_read(link_id link, std::uint64_t subscription, const log_slice& slice);
  void log_failed(link_id link, std::uint64_t subscription, const caf::error& reason);

  // news of the root
  void make_news();
  void tell_news();
  /// And who follows us has to look elsewhere, until there are some again.
  void forget_all_news();
  void on_tick();

  // full copies
  void want_copy(link_id link, const snapshot_request& what);
  void start_copy();
  void copy_opened(std::uint64_t number, const export_opened& opened);
  void copy_refused(std::uint64_t number, const caf::error& reason);
  void pump_copy();
  void copy_read(snapshot_chunk chunk);
  void fail_copy(const caf::error& reason);
  /// Ends what is being served; the store keeps the export open for a while unless `close`.
  void end_copy(bool close);
  /// The link is gone, or has subscribed.
  void leave_copies(link_id link, bool subscribed);
  void expire_copy(time_point now);

  void send(link_id link, peer_body body);
  subscribe_reply reply(subscribe_verdict verdict) const;
  /// How many follow, and how far the slowest is.
  void show_downstreams();

  source_port::pointer self;
  source_config config;
  store_port store;
  std::shared_ptr<peer_transport> transport;

  bool listening = false;
  store_report report;
  log_tail tail{limits::tail_bytes_max, {limits::batch_bytes, limits::batch_entries_max}};
  root_news news;
  bool told_since_tick = false;
  std::map<link_id, downstream> downstreams;
  std::uint64_t subscriptions = 0;
  /// Subscriptions that wait for their turn to read the log.
  std::deque<std::pair<link_id, std::uint64_t>> readers;
  std::size_t reads = 0; ///< under way
  snapshot_line line;
  std::optional<transfer> copy;
  std::uint64_t copies = 0;
  struct kept_export {
    std::uint64_t id = 0;
    instance_role role = instance_role::replica;
    index_t index = 0;
  };
  std::optional<kept_export> kept; ///< last opened export: may still be open in the store
  std::mt19937_64 random;
  ack_waiters waiters{limits::ack_waiters_max};
  wake_up timer;
  time_point next_news;
};

source_port::behavior_type replication_source(source_port::stateful_pointer<source_state> self,
                                              source_config config, store_port store,
                                              std::shared_ptr<peer_transport> transport);

} // namespace argentum::actors
