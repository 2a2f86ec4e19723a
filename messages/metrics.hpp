// SPDX-License-Identifier: Apache-2.0
// What the parts of a node count, readable from any thread at any time. Every bound of limits.hpp at which
// something is refused, dropped or paused has a counter here; one that only makes work wait its turn has none.
// apps/net turns these into Prometheus text, INFO and JSON by way of `visit`.
#pragma once

#include "messages/types.hpp"

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

namespace argentum {

class counter {
 public:
  void add(std::uint64_t n = 1) noexcept { value_.fetch_add(n, std::memory_order_relaxed); }
  std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

class gauge {
 public:
  void set(std::int64_t v) noexcept { value_.store(v, std::memory_order_relaxed); }
  void add(std::int64_t n) noexcept { value_.fetch_add(n, std::memory_order_relaxed); }
  std::int64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

/// A text that changes rarely, such as the name of the upstream.
class label {
 public:
  void set(std::string text) {
    std::lock_guard lock{mutex_};
    text_ = std::move(text);
  }
  std::string value() const {
    std::lock_guard lock{mutex_};
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

/// Of one instance on one node.
struct instance_metrics {
  // state
  gauge applied_index, durable_index, horizon_index, log_base_index, key_count, index_waiters;
  gauge applied_stamp_us;                                  ///< root's stamp of the applied entry
  gauge root_head_index, root_head_stamp_us, root_time_us; ///< as last heard
  gauge news_heard_us;                                     ///< when that was, on this process' monotonic clock
  gauge root_news, tree_depth, root_delay_us;              ///< number of the news; hops and way from the root
  gauge upstream_rtt_us;                                   ///< 0: not measured
  gauge upstream_connected, bootstrapping, diverged, replica_data;
  gauge downstreams, downstream_lag_entries, downstream_durable_index; ///< of those that follow; once a second
  gauge downstreams_max, downstream_leaves;
  gauge disk_bytes, volume_free_bytes, volume_bytes; ///< as last looked at
  gauge value_bytes, window_bytes;                   ///< of a proxy, before compression
  gauge tracked_keys, tracker_bytes;                 ///< of a proxy
  gauge history_bytes;                               ///< of a replica
  gauge admission, space_alarm;                      ///< 0 open, 1 selective, 2 closed; 1 = raised
  label upstream, path, last_error;
  // work
  counter writes, writes_noop, write_groups, write_groups_failed, entries_applied, bytes_applied;
  counter entries_sent, bytes_sent, log_reads, tail_hits, snapshots_sent, snapshots_received;
  counter lookups_served, lookup_behind, lookup_pruned, lookup_diverged, lookups_refused, lookups_late;
  counter misses, misses_joined, fills, lookups_failed, lookup_retries, version_mismatches;
  counter hedges, hedges_won, replicas_isolated, misses_shed;
  counter fills_refused, values_evicted, history_dropped, upkeep_passes, upkeep_steps, upkeep_bytes_freed;
  counter upkeep_failed;
  counter upstream_switches, subscribe_refused, upstream_moves, upstream_searches, upstreams_too_slow;
  // bounds that were hit
  counter write_overloaded, miss_overloaded, waiters_overloaded, credit_exhausted, out_of_order;
  counter downstreams_full, leaves_sent_away, loops_refused;

  /// f(name without prefix, help, value as double, is_counter)
  template <class F>
  void visit(F&& f) const {
    visit_state(f);
    visit_work(f);
  }

 private:
  template <class F>
  void visit_state(F& f) const;
  template <class F>
  void visit_work(F& f) const;
};

/// Of the node.
struct node_metrics {
  gauge links, clients;
  counter links_opened, links_failed, links_silent, links_overloaded, links_refused, frames_corrupt;
  counter commands, command_errors, protocol_errors;
  counter clients_accepted, clients_refused, clients_stalled, clients_too_large, clients_idle;
  counter clients_paused, digests_refused, scan_cursors_dropped, http_refused;
  counter keyspace_hits, keyspace_misses;
  counter samples_taken, samples_dropped, samples_exported, samples_lost, exports_failed;
  counter bytes_received, bytes_sent;
  // of the oracle
  gauge members_alive, members_suspect, members_dead, oracle_health;
  counter probes, probes_failed, suspicions, refutations, deaths, name_conflicts, members_refused, relays_refused;
  counter datagrams_received, datagrams_sent, datagram_bytes_received, datagram_bytes_sent;
  counter datagrams_malformed, datagrams_unauthentic, gossip_budget_hit, full_states, full_states_failed;
  counter full_states_cut, exchanges_dropped, objections_dropped;
  counter surveys_refused, registrations_refused;
  gauge guides;
  counter nearest_replies, dns_queries, dns_failures;

  template <class F>
  void visit(F&& f) const;
};

template <class F>
void instance_metrics::visit_state(F& f) const {
  auto g = [&](const char* n, const char* h, const gauge& v) { f(n, h, static_cast<double>(v.value()), false); };
  g("applied_index", "Index of the last entry that reads see", applied_index);
  g("durable_index", "Entries up to here survive a crash of the machine", durable_index);
  g("horizon_index", "Oldest index this node can answer at", horizon_index);
  g("log_base_index", "The log holds the entries after this one", log_base_index);
  g("keys", "Live keys", key_count);
  g("index_waiters", "Clients in WAITINDEX, as of a second ago", index_waiters);
  g("applied_stamp_microseconds", "Root's stamp of the applied entry", applied_stamp_us);
  g("root_head_index", "Head of the root as last heard", root_head_index);
  g("root_head_stamp_microseconds", "Stamp of that head", root_head_stamp_us);
  g("root_time_microseconds", "Wall clock of the root as last heard", root_time_us);
  g("root_news", "Number of the root's news as last heard", root_news);
  g("tree_depth", "Hops from the root", tree_depth);
  g("root_delay_microseconds", "From the root to this node along the tree, one way, as measured", root_delay_us);
  g("upstream_rtt_microseconds", "Round trip to the upstream, 0 if not measured", upstream_rtt_us);
  g("upstream_connected", "1 while following an upstream", upstream_connected);
  g("bootstrapping", "1 while a full copy is being received", bootstrapping);
  g("replica_data", "1 if the data in use are a replica's, 0 if a proxy's", replica_data);
  g("diverged", "1 if the upstream's log disagrees with ours", diverged);
  g("downstreams", "Nodes that follow this one", downstreams);
  g("downstreams_max", "Nodes that may follow this one", downstreams_max);
  g("downstream_leaves", "Leaves that follow this one", downstream_leaves);
  g("downstream_lag_entries", "Entries that the slowest of them has not applied yet", downstream_lag_entries);
  g("downstream_durable_index", "All of them keep the entries up to here on disk; 0 if nobody follows",
    downstream_durable_index);
  g("disk_bytes", "Bytes of this instance's files", disk_bytes);
  g("volume_free_bytes", "Bytes free on its volume", volume_free_bytes);
  g("volume_bytes", "Size of its volume", volume_bytes);
  g("value_bytes", "Proxy: values here, before compression", value_bytes);
  g("window_bytes", "Proxy: those of them that the window protects", window_bytes);
  g("tracked_keys", "Proxy: keys whose last access is in memory", tracked_keys);
  g("tracker_bytes", "Proxy: memory for last accesses, when full", tracker_bytes);
  g("history_bytes", "Replica: bytes on disk of values of the past", history_bytes);
  g("admission", "Proxy: fetched values are 0 cached, 1 cached if asked for before, 2 not cached", admission);
  g("space_alarm", "Proxy: 1 while over a hard limit with nothing left to evict", space_alarm);
}

template <class F>
void instance_metrics::visit_work(F& f) const {
  auto c = [&](const char* n, const char* h, const counter& v) { f(n, h, static_cast<double>(v.value()), true); };
  c("writes_total", "Writes committed", writes);
  c("writes_noop_total", "Writes that changed nothing", writes_noop);
  c("write_groups_total", "Commit groups", write_groups);
  c("write_groups_failed_total", "Commit groups that the store refused", write_groups_failed);
  c("entries_applied_total", "Entries applied", entries_applied);
  c("bytes_applied_total", "Bytes of entries applied", bytes_applied);
  c("entries_sent_total", "Entries sent to downstreams", entries_sent);
  c("bytes_sent_total", "Bytes of entries sent to downstreams", bytes_sent);
  c("log_reads_total", "Batches read from the log for downstreams", log_reads);
  c("tail_hits_total", "Batches served from the memory tail", tail_hits);
  c("snapshots_sent_total", "Full copies sent", snapshots_sent);
  c("snapshots_received_total", "Full copies received", snapshots_received);
  c("lookups_served_total", "Keys answered to proxies", lookups_served);
  c("lookup_behind_total", "Lookups answered behind", lookup_behind);
  c("lookup_pruned_total", "Lookups answered pruned", lookup_pruned);
  c("lookup_diverged_total", "Lookups refused, as the proxy is on another log", lookup_diverged);
  c("lookups_refused_total", "Lookup requests ignored: too many keys", lookups_refused);
  c("lookups_late_total", "Lookups not answered: the proxy no longer waits", lookups_late);
  c("misses_total", "Reads of evicted values", misses);
  c("misses_joined_total", "Misses that joined an equal one", misses_joined);
  c("fills_total", "Values cached after a miss", fills);
  c("fills_refused_total", "Fetched values that were not cached: no room, or not asked for before", fills_refused);
  c("values_evicted_total", "Values removed from a proxy", values_evicted);
  c("history_dropped_total", "Records of the past removed from a replica", history_dropped);
  c("upkeep_passes_total", "Evictions, or collections of history, from start to end", upkeep_passes);
  c("upkeep_steps_total", "Files rewritten by them", upkeep_steps);
  c("upkeep_bytes_freed_total", "Bytes of disk that they gave back", upkeep_bytes_freed);
  c("upkeep_failed_total", "Steps that the disk refused", upkeep_failed);
  c("lookups_failed_total", "Misses that no replica answered in time", lookups_failed);
  c("lookup_retries_total", "Lookups tried on another replica", lookup_retries);
  c("hedges_total", "Lookup requests repeated at a second replica, as the first one was slow", hedges);
  c("hedges_won_total", "Lookups that the second replica answered first", hedges_won);
  c("replicas_isolated_total", "Times a replica was set aside: it failed, or did not answer", replicas_isolated);
  c("misses_shed_total", "Misses refused: the replicas would not have answered them in time", misses_shed);
  c("version_mismatches_total", "Answers of replicas that are on another log", version_mismatches);
  c("upstream_switches_total", "Changes of upstream", upstream_switches);
  c("upstream_moves_total", "Changes to a cheaper upstream", upstream_moves);
  c("upstream_searches_total", "Times the oracle was asked for upstreams", upstream_searches);
  c("upstreams_too_slow_total", "Upstreams left as they sent less than the root wrote", upstreams_too_slow);
  c("subscribe_refused_total", "Subscriptions refused by or to this node", subscribe_refused);
  c("write_overloaded_total", "Writes refused: too many bytes waiting", write_overloaded);
  c("miss_overloaded_total", "Reads refused: too many misses", miss_overloaded);
  c("waiters_overloaded_total", "WAITINDEX or WAIT refused: too many waiters", waiters_overloaded);
  c("credit_exhausted_total", "Times a downstream had no credit left", credit_exhausted);
  c("out_of_order_total", "Entries refused because they were not the next", out_of_order);
  c("leaves_sent_away_total", "Leaves that had to make room for an intermediate", leaves_sent_away);
  c("downstreams_full_total", "Subscriptions refused: as many follow as may", downstreams_full);
  c("loops_refused_total", "Upstreams not followed, as they could be below this node", loops_refused);
}

template <class F>
void node_metrics::visit(F&& f) const {
  auto g = [&](const char* n, const char* h, const gauge& v) { f(n, h, static_cast<double>(v.value()), false); };
  auto c = [&](const char* n, const char* h, const counter& v) { f(n, h, static_cast<double>(v.value()), true); };
  g("links", "Open links to other nodes", links);
  g("clients", "Connected clients", clients);
  c("links_opened_total", "Links that said hello", links_opened);
  c("links_failed_total", "Links lost or not established", links_failed);
  c("links_silent_total", "Links dropped: nothing heard", links_silent);
  c("links_overloaded_total", "Links dropped: peer too slow", links_overloaded);
  c("links_refused_total", "Links refused", links_refused);
  c("frames_corrupt_total", "Frames with a wrong length, checksum or content", frames_corrupt);
  c("commands_total", "Client commands", commands);
  c("command_errors_total", "Client commands answered with an error", command_errors);
  c("protocol_errors_total", "Clients dropped for malformed input", protocol_errors);
  c("clients_accepted_total", "Client connections accepted", clients_accepted);
  c("clients_refused_total", "Client connections refused: too many", clients_refused);
  c("clients_stalled_total", "Clients dropped: they took no replies", clients_stalled);
  c("clients_too_large_total", "Clients dropped: the buffers of all clients were too large", clients_too_large);
  c("clients_idle_total", "Clients closed: they sent nothing for too long", clients_idle);
  c("clients_paused_total", "Times a client was not read from, for its unsent or waiting replies", clients_paused);
  c("digests_refused_total", "DIGEST or FLUSHDB refused: too many in line", digests_refused);
  c("scan_cursors_dropped_total", "SCAN cursors forgotten: too many", scan_cursors_dropped);
  c("http_refused_total", "HTTP connections closed: too many", http_refused);
  c("keyspace_hits_total", "Reads of present keys", keyspace_hits);
  c("keyspace_misses_total", "Reads of absent keys", keyspace_misses);
  c("samples_taken_total", "Sampled reads that the working set was estimated from", samples_taken);
  c("samples_dropped_total", "Sampled reads dropped: too many at a time", samples_dropped);
  c("samples_exported_total", "Sampled reads stored by the export", samples_exported);
  c("samples_lost_total", "Sampled reads not exported: too many waited", samples_lost);
  c("exports_failed_total", "Batches of sampled reads that the export did not store; they are sent again",
    exports_failed);
  c("bytes_received_total", "Bytes received from clients", bytes_received);
  c("bytes_sent_total", "Bytes sent to clients", bytes_sent);
  g("members_alive", "Members of the overlay that are alive, this node among them", members_alive);
  g("members_suspect", "Members that are suspected to be dead", members_suspect);
  g("members_dead", "Members that are known to be dead or to have left", members_dead);
  g("oracle_health", "0 if this node answers and is answered in time; how much slower it accuses others",
    oracle_health);
  c("probes_total", "Members probed", probes);
  c("probes_failed_total", "Probes that nobody answered, directly or through others", probes_failed);
  c("suspicions_total", "Members that this node began to suspect", suspicions);
  c("refutations_total", "Times this node was suspected or called dead, and said that it is not", refutations);
  c("deaths_total", "Members that this node declared dead", deaths);
  c("name_conflicts_total", "Times another living node with our name was heard of", name_conflicts);
  c("members_refused_total", "News of members ignored: too many", members_refused);
  c("relays_refused_total", "Probes for others refused: too many under way", relays_refused);
  c("datagrams_received_total", "Datagrams received", datagrams_received);
  c("datagrams_sent_total", "Datagrams sent", datagrams_sent);
  c("datagram_bytes_received_total", "Bytes of datagrams received", datagram_bytes_received);
  c("datagram_bytes_sent_total", "Bytes of datagrams sent", datagram_bytes_sent);
  c("datagrams_malformed_total", "Datagrams dropped: they make no sense", datagrams_malformed);
  c("datagrams_unauthentic_total", "Datagrams dropped: signed by none of our keys", datagrams_unauthentic);
  c("gossip_budget_hit_total", "Datagrams with news held back: too many bytes in this second", gossip_budget_hit);
  c("full_states_total", "Full states exchanged with other members", full_states);
  c("full_states_failed_total", "Exchanges of full states that came to nothing", full_states_failed);
  c("full_states_cut_total", "Full states without some statuses: too many bytes", full_states_cut);
  c("exchanges_dropped_total", "Full states not exchanged: too many waited", exchanges_dropped);
  c("objections_dropped_total", "Members not contradicted at once: too many, or too often", objections_dropped);
  c("surveys_refused_total", "Searches for an upstream refused: too many at a time", surveys_refused);
  c("registrations_refused_total", "Replicas of this datacenter not registered: too many", registrations_refused);
  g("guides", "Leaf: links to intermediates that are asked who is near, or that replicas register with", guides);
  c("nearest_replies_total", "Leaf: answers to that", nearest_replies);
  c("dns_queries_total", "Names of replicas asked for by DNS", dns_queries);
  c("dns_failures_total", "Those that no server answered", dns_failures);
}

} // namespace argentum
