// SPDX-License-Identifier: Apache-2.0
// Every bound in one place, each with its reason. What an operator may change is in node_config; these are its
// defaults or hard ends. Relations between bounds are checked below at compile time.
#pragma once

#include <chrono>
#include <cstddef>

namespace argentum::limits {

using namespace std::chrono_literals;
inline constexpr std::size_t kib = 1024;
inline constexpr std::size_t mib = 1024 * kib;

// -- data -----------------------------------------------------------------------------------------------------
/// Keys are repeated in filters, indexes and every level: longer ones belong into the value.
inline constexpr std::size_t key_bytes_max = 4 * kib;
/// The largest value a client may store; certificates and rule sets are far below.
inline constexpr std::size_t value_bytes_max = 16 * mib;
/// One write transaction; two of the largest values and room for keys.
inline constexpr std::size_t entry_bytes_max = 36 * mib;
/// Mutations of one transaction: keeps an entry's apply time in milliseconds.
inline constexpr std::size_t entry_mutations_max = 100'000;

// -- storage --------------------------------------------------------------------------------------------------
/// A proxy keeps the values of at least these entries: replicas of its datacenter may be that far behind it.
inline constexpr auto window_span = 10min;
inline constexpr std::size_t window_entries = 10'000;
/// How far back a replica answers by default: proxies and downstreams that are behind by less are served.
inline constexpr auto history_span = 2h;
/// Tables are about this large: a step of an eviction or a collection rewrites one, and needs as much room
/// meanwhile.
inline constexpr std::size_t table_bytes = 64 * mib;
/// Entries are refused as `disk_full` while the volume has less room than for themselves, what the memtables hold,
/// and this: RocksDB 7.8 aborts when it goes on with a log file that has met a full disk, and where a flush has met
/// one it evicts nothing until there is room.
inline constexpr std::size_t disk_reserve_bytes = 4 * mib;
/// Of its volume, a proxy leaves this free: over the first it evicts, over the second it caches nothing more. What
/// is left is for keys, entries of the window and compactions.
inline constexpr std::size_t soft_free_percent = 10;
inline constexpr std::size_t hard_free_percent = 5;
/// The disk and the horizon are looked at this often: at 100 MB/s, which fills a volume fast, 0.1 GB later.
inline constexpr auto upkeep_interval = 1s;
/// After a pass that could free nothing, or that failed, the next waits twice as long as the last, up to this.
inline constexpr auto upkeep_pause_max = 60s;
/// Steps in a row that find all values of their file read lately: then the pass ends. A step in vain costs the
/// rewriting of one file, and makes the next report right about it.
inline constexpr int fruitless_steps_max = 8;
/// What is below the horizon is gone from the disk within this, even where it is little.
inline constexpr auto history_overdue = 1h;
/// An import builds files of about this size: one is lost when it is interrupted.
inline constexpr std::size_t import_file_bytes = 64 * mib;
/// A record of a larger key or value is not kept by itself: copying it costs more than finding it.
inline constexpr std::size_t cached_key_bytes_max = 256;
inline constexpr std::size_t cached_value_bytes_max = 4 * kib;
/// Instances of one node: each has a database, two to four actors and up to three threads.
inline constexpr std::size_t instances_max = 64;
/// Names of nodes, instances and datacenters stand in every log line, metric and heartbeat.
inline constexpr std::size_t name_bytes_max = 64;
/// "host:port": a host name has 253 at most.
inline constexpr std::size_t address_bytes_max = 260;

// -- wire -----------------------------------------------------------------------------------------------------
/// A frame carries at least one entry, whatever its size, plus the envelope.
inline constexpr std::size_t frame_bytes_max = 40 * mib;
/// Aim of a batch of entries, a snapshot chunk or a lookup answer: large enough to amortise a hop, small enough
/// that heartbeats between them are not late.
inline constexpr std::size_t batch_bytes = 1 * mib;
/// Entries per batch: bounds the apply time of many small entries.
inline constexpr std::size_t batch_entries_max = 4096;
/// Text of a goodbye; longer ones are cut.
inline constexpr std::size_t reason_bytes_max = 1 * kib;
/// Depth of the tree, as the path in a heartbeat shows it; real trees have three or four levels.
inline constexpr std::size_t path_nodes_max = 64;
/// Payloads below this gain nothing from zstd.
inline constexpr std::size_t compress_bytes_min = 1 * kib;
/// Unsent bytes a link may hold before it is dropped as a slow peer; above credit plus lookup answers.
inline constexpr std::size_t link_outbox_bytes_max = 96 * mib;
/// Credit a sink gives its upstream: bandwidth-delay product of 100 MB/s over 80 ms.
inline constexpr std::size_t credit_bytes = 8 * mib;
/// A sink gives credit back in pieces of at least this: small entries need no grant each.
inline constexpr std::size_t credit_grant_bytes = batch_bytes;
/// Inbound links of one node; a fan-out above this wants another intermediate.
inline constexpr std::size_t links_max = 1024;
/// Recent entries a source keeps in memory so that level downstreams never touch the disk.
inline constexpr std::size_t tail_bytes_max = 8 * mib;
/// Log reads that one source may have under way in its store at a time; each holds one batch.
inline constexpr std::size_t log_reads_max = 2;

// -- time -----------------------------------------------------------------------------------------------------
inline constexpr auto heartbeat_interval = 1s;
/// A sink acknowledges what it applied this often at most: sources look at it once a second.
inline constexpr auto ack_interval = 100ms;
/// A link on which nothing at all was heard for this long is dead (heartbeats or pings come every second).
inline constexpr auto link_silence_max = 15s;
/// A dialled or accepted link must finish its hello within this.
inline constexpr auto hello_timeout = 5s;
/// Resolving and connecting; the redial after it goes to the next upstream.
inline constexpr auto dial_timeout = 5s;
/// A link that is hung up may use this long to get its last messages out.
inline constexpr auto hang_up_flush = 1s;
/// The pause of a listener that cannot accept (no file descriptor left).
inline constexpr auto accept_retry = 100ms;
/// An upstream that sends no news of the root for this long is stale (configurable).
inline constexpr auto upstream_stale_after = 30s;
/// What an operator may make of it: not below a few heartbeats, and above an hour it would never be noticed.
inline constexpr auto upstream_stale_after_min = 3s;
inline constexpr auto upstream_stale_after_max = 1h;
inline constexpr auto redial_delay_min = 100ms;
inline constexpr auto redial_delay_max = 5s;
/// Unsynced data on a node with durability "os" is synced this often, which also moves its durable index.
inline constexpr auto sync_interval = 1s;
/// A snapshot whose receiver is gone stays open this long so that it can resume.
inline constexpr auto export_grace = 60s;
/// SIGTERM: what is still in flight after this is abandoned.
inline constexpr auto drain_timeout = 8s;
/// The process ends by then, whatever still hangs: supervisors kill after ten seconds.
inline constexpr auto stop_timeout = 9500ms;

// -- root write path --------------------------------------------------------------------------------------------
/// Bytes of one commit group: bounds fsync latency and memory.
inline constexpr std::size_t group_bytes_max = 8 * mib;
inline constexpr std::size_t group_entries_max = 4096;
/// Values read in one go for the writes of a batch: more would be held for long before they are looked at.
inline constexpr std::size_t read_ahead_bytes = 4 * mib;
/// Writes waiting for the next group; beyond it a write is refused with `overloaded`.
inline constexpr std::size_t pending_write_bytes_max = 256 * mib;
/// Values that one command keeps while it is decided, and values that it answers with: an entry, with room for
/// reads.
inline constexpr std::size_t command_values_bytes_max = 64 * mib;

// -- lookups ----------------------------------------------------------------------------------------------------
/// Keys in one lookup request: a replica answers them in one turn.
inline constexpr std::size_t lookup_keys_max = 256;
/// Positions by which a lookup request shows which log the proxy is on: each four times as far back as the one
/// before it, so that one fits for a replica that lags, whatever the index.
inline constexpr std::size_t lookup_positions_max = 16;
/// Positions of proxies that a replica remembers to be on its log: those that are asked by again and again.
inline constexpr std::size_t common_positions_max = 1024;
/// Lookup requests in flight per replica.
inline constexpr std::size_t lookups_in_flight_max = 32;
/// Bytes of one lookup answer, as long as one value fits; the rest is asked for again. What a link's outbox may get
/// from one request is thus this and one value.
inline constexpr std::size_t lookup_answer_bytes = 2 * mib;
/// Answers that a proxy instance expects from one replica at a time, by the size of earlier ones: the
/// bandwidth-delay product of 100 MB/s over 80 ms.
inline constexpr std::size_t lookup_bytes_in_flight = 8 * mib;
/// Distinct misses waiting on one proxy instance; beyond it a read is refused with `overloaded`.
inline constexpr std::size_t misses_max = 65'536;
/// Values that one command asks for at a time: many reads of so many find room.
inline constexpr std::size_t fetch_round_max = 4096;
/// Client reads that wait on those, equal ones counted each; beyond it a read is refused with `overloaded`.
inline constexpr std::size_t miss_waiters_max = 4 * misses_max;
/// Values that have come for reads which still wait for others, on one proxy instance; beyond it the read that one
/// more came for is refused with `overloaded`.
inline constexpr std::size_t fetched_bytes_max = 256 * mib;
/// A miss that no replica answered within this gets TRYAGAIN.
inline constexpr auto lookup_deadline = 2s;
inline constexpr auto lookup_deadline_max = 60s;
/// One replica's share of that: after it another replica is asked.
inline constexpr auto lookup_attempt = 500ms;
/// After this the actors of a role that an instance no longer has may end: what they were asked is answered.
inline constexpr auto role_leave = 90s;
/// Pause before replicas that were behind or failed are asked again; doubles with each round up to the second one.
inline constexpr auto lookup_retry_min = 20ms;
inline constexpr auto lookup_retry_max = 320ms;
/// How often a proxy with misses looks at its deadlines: their precision.
inline constexpr auto lookup_sweep = 20ms;
/// A replica that has failed isolation_failures times in a row is asked nothing for this long, then probed.
inline constexpr auto replica_isolation = 2s;

// -- clients ----------------------------------------------------------------------------------------------------
/// Arguments of one command (MSET of a large batch).
inline constexpr std::size_t command_args_max = 1024 * 1024;
/// Bytes of one command.
inline constexpr std::size_t command_bytes_max = 64 * mib;
/// A command without line end, as Redis: longer inline requests are malformed.
inline constexpr std::size_t inline_bytes_max = 64 * kib;
/// Unsent replies above which a session reads no further commands.
inline constexpr std::size_t client_outbox_pause_bytes = 1 * mib;
/// A client that takes none of its replies for this long is dropped.
inline constexpr auto client_stalled_max = 30s;
/// Replies of one session that wait for the sequencer or a replica.
inline constexpr std::size_t client_pending_max = 1024;
/// Bytes of one session's unanswered writes above which it runs no further commands: keeps one loader from filling
/// the sequencer's queue.
inline constexpr std::size_t client_write_bytes_max = 8 * mib;
inline constexpr std::size_t clients_max = 20'000;
/// File descriptors that clients leave to links and table files, if the system gives that many: tables of 200 GB.
inline constexpr std::size_t files_reserved = 4096;
/// Commands, or keys of commands of many keys, that one session executes before the other sessions of its loop get
/// their turn: about half a millisecond.
inline constexpr std::size_t turn_work_max = 256;
/// Values of one MGET or EXISTS: they are in memory all at once.
inline constexpr std::size_t multi_read_bytes_max = 64 * mib;
/// Commands between MULTI and EXEC: their replies are made in one go.
inline constexpr std::size_t transaction_commands_max = 10'000;
/// Keys that one client may WATCH; they are compared one by one before a transaction runs.
inline constexpr std::size_t watched_keys_max = 1024;
/// Keys that RANDOMKEY chooses one of.
inline constexpr std::size_t random_page_keys = 64;
/// Keys that one SCAN looks at, whatever COUNT says; returning fewer is always allowed.
inline constexpr std::size_t scan_page_max = 10'000;
/// DIGEST commands in line; each reads a whole instance, one at a time.
inline constexpr std::size_t digests_waiting_max = 16;
/// Buffers of all clients of one listener: above it those with the largest are dropped, until it fits again. One
/// client alone may fill one command and one reply.
inline constexpr std::size_t clients_bytes_max = 1024 * mib;
/// Buffers of a session that are larger than this are given back when they are empty.
inline constexpr std::size_t client_buffer_kept = 64 * kib;
/// So are all of a client that has said nothing for this long: of 10,000 clients, most are idle.
inline constexpr auto client_buffer_idle = 2s;
/// Bytes of a client name, as shown by CLIENT LIST.
inline constexpr std::size_t client_name_max = 256;
/// After a protocol error the rest of the input is read away for this long, so that the error text arrives.
inline constexpr auto client_linger = 2s;
/// Open HTTP connections of one node: a handful of scrapers and people.
inline constexpr std::size_t http_connections_max = 256;
inline constexpr std::size_t http_header_bytes_max = 16 * kib;
/// A request must arrive, and its answer leave, within this.
inline constexpr auto http_timeout = 10s;
/// WAITINDEX callers of one instance.
inline constexpr std::size_t index_waiters_max = 65'536;
/// WAIT callers of one instance: each is looked at whenever a downstream acknowledges.
inline constexpr std::size_t ack_waiters_max = 4096;
/// Pairs of one RANGE, and about how many bytes of them: one turn of an event loop. It says where to go on.
inline constexpr std::size_t range_pairs_max = 10'000;
inline constexpr std::size_t range_bytes = 1 * mib;
/// Keys that FLUSHDB removes by one entry: others' writes come in between.
inline constexpr std::size_t flush_keys = 4096;
/// Open SCAN cursors of one node; the oldest is forgotten first.
inline constexpr std::size_t scan_cursors_max = 16'384;

// -- administration ---------------------------------------------------------------------------------------------
/// A command line of a shell: a key and a value fit.
inline constexpr std::size_t admin_words_max = 64;
inline constexpr std::size_t admin_word_bytes_max = 1 * mib;
/// One part of an answer; longer ones are several.
inline constexpr std::size_t admin_document_bytes_max = 1 * mib;
/// Commands of operators under way on one node, those for other nodes too.
inline constexpr std::size_t admin_calls_max = 256;
/// Unsent bytes of one shell; a slower one is dropped.
inline constexpr std::size_t admin_outbox_bytes_max = 16 * mib;
/// Open shells of one node.
inline constexpr std::size_t admin_shells_max = 64;
/// Another node that has said nothing to a forwarded command for so long is given up.
inline constexpr auto admin_silence_max = 10s;

static_assert(hard_free_percent < soft_free_percent);
static_assert(value_bytes_max + key_bytes_max < entry_bytes_max);
static_assert(entry_bytes_max < frame_bytes_max);
static_assert(frame_bytes_max + credit_bytes < link_outbox_bytes_max);
static_assert(entry_bytes_max < command_bytes_max);
static_assert(entry_bytes_max < command_values_bytes_max);
static_assert(4 * (command_bytes_max + multi_read_bytes_max) <= clients_bytes_max);
static_assert(drain_timeout < stop_timeout);
static_assert(credit_grant_bytes * 4 <= credit_bytes);
static_assert(ack_interval < heartbeat_interval);
static_assert(heartbeat_interval * 5 < link_silence_max);
static_assert(heartbeat_interval * 2 < upstream_stale_after_min);
static_assert(lookup_attempt * 2 < lookup_deadline);
static_assert(role_leave > lookup_deadline_max);
static_assert(lookup_retry_max < lookup_attempt);
static_assert(multi_read_bytes_max < fetched_bytes_max);
static_assert(fetch_round_max * 8 <= misses_max);
static_assert(lookup_bytes_in_flight / lookup_answer_bytes * (lookup_answer_bytes + value_bytes_max)
              < link_outbox_bytes_max);

} // namespace argentum::limits
