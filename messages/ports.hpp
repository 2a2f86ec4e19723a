// SPDX-License-Identifier: Apache-2.0
// Every actor interface on one page. A port is what an actor may be asked; actors are handed ports of the others,
// never their headers. Requests between actors carry no CAF time-out (they leak in 0.17.6): the asker sweeps its
// own deadlines. Beside these there are two thread-safe seams that are no actors: the read view of a store
// (storage/store.hpp) and the network (messages/transport.hpp).
#pragma once

#include "messages/access_sample.hpp"
#include "messages/link_events.hpp"
#include "messages/name_service.hpp"
#include "messages/oracle_commands.hpp"
#include "messages/store_commands.hpp"
#include "messages/type_ids.hpp"
#include "messages/upkeep.hpp"
#include "messages/write.hpp"

#include <caf/typed_actor.hpp>

#include <functional>

namespace argentum {

template <class Result, class... In>
using answers = typename caf::replies_to<In...>::template with<Result>;
template <class... In>
using takes = caf::reacts_to<In...>;

/// Told when entries became visible in a store: in index order, no gap unless run is null. Served by source.
using applied_listener_port = caf::typed_actor<takes<batch_applied>>;
struct add_applied_listener {
  applied_listener_port listener;
};
struct remove_applied_listener {
  applied_listener_port listener;
};

/// Told when entries became durable in the background. Served by sink.
using synced_listener_port = caf::typed_actor<takes<batch_synced>>;
struct add_synced_listener {
  synced_listener_port listener;
};

/// Full copies are for that role from now on. `reached` is answered when the data in use are of that role and
/// nobody reads those before them any more; a later take_role lets go of it.
struct take_role {
  instance_role role = instance_role::replica;
  reply_to<instance_role> reached;
};

/// One store. Served by storage_actor (own thread: it may block on the disk). Errors: errc of storage.
using store_port = caf::typed_actor<
    answers<store_report, apply_batch>,      // in order, whole or not at all; out_of_order and diverged refuse
    answers<store_report, get_store_report>, // as of now
    answers<store_report, adopt_instance>,   // wrong_instance if it has another id
    answers<position_check, check_position>, // can this log serve a downstream at that position?
    answers<log_slice, read_log>,            // entries after an index
    answers<export_opened, open_export>,     // consistent copy at the current index, or resume the open one
    answers<snapshot_chunk, read_export>,    // the next keys of it
    takes<close_export>,                     // done with it
    answers<import_progress, get_import>,    // where an unfinished import stopped
    answers<import_progress, begin_import>,  // start or resume one
    answers<import_progress, import_chunk>,  // the next keys of it
    answers<store_report, finish_import>,    // switch to it, atomically
    answers<space_report, get_space>,        // what it takes of the disk
    answers<sweep_outcome, evict_values>,    // one step of an eviction; wrong_role on a replica
    answers<store_report, advance_horizon>,  // history below is answered no more; wrong_role on a proxy
    answers<sweep_outcome, collect_history>, // one step of its collection
    takes<fill_value>,                       // cache a value, if its version is still current
    takes<wait_index>,                       // answered when applied >= index, or at its time-out
    takes<take_role>,                        // import for another role
    takes<add_applied_listener>,             // from now on tell this listener what becomes visible
    takes<remove_applied_listener>,          // and no more
    takes<add_synced_listener>,              // from now on tell this listener what becomes durable
    takes<tick>>;                            // periodic: start a sync, truncate the log, expire waiters and exports

/// Wait for the disk until what was applied is durable, up to the index `upto`.
struct run_sync {
  std::function<caf::error()> work;
  index_t upto = 0;
};
/// Waits for the disk so that the storage actors need not. Served by disk_syncer (own thread).
using syncer_port = caf::typed_actor<answers<index_t, run_sync>>; // `upto`, or what the disk said

/// Rewrite one file of a store: a step of an eviction or of a collection.
struct run_sweep {
  std::function<caf::expected<sweep_outcome>()> work;
};
/// Rewrites files so that the storage actors need not. Served by compactor (own thread).
using compactor_port = caf::typed_actor<answers<sweep_outcome, run_sweep>>; // what came of it

/// Keeps one instance's disk bounded. Served by evictor on proxies, version_collector on replicas.
using upkeep_port = caf::typed_actor<takes<tick>>;

/// Takes client writes. Served by sequencer, on the root only.
using sequencer_port = caf::typed_actor<takes<write_command>, // answered when durable as configured
                                        takes<write_batch>,   // many of them at once
                                        takes<flush>>;        // decide what has arrived

/// Fetches values that a proxy has evicted. Served by proxy_lookup.
using fetch_port = caf::typed_actor<takes<fetch_command>>; // values, or no_replica / overloaded

/// Users of links that this node dials. Served by sink, proxy_lookup.
using link_user_port = caf::typed_actor<takes<link_opened>, takes<link_closed>>;

/// Servers of links that others dial. Served by source, lookup_server.
using link_server_port = caf::typed_actor<takes<link_closed>>;

/// Owner of all links. Served by peer_router.
struct want_link {
  std::string address; ///< "host:port"; one link per address is shared by all its users
  link_user_port user; ///< gets link_opened, or link_closed; must ask again after link_closed
};
/// A user reports that the peer broke the protocol or is stale; the link is closed for all.
struct drop_link {
  link_id link;
  caf::error reason;
};
/// A user needs the link to that address no more, open or on its way, and hears of it no more; a link that nobody
/// needs is closed.
struct release_link {
  std::string address;
  caf::actor_addr user;
};
struct add_link_server {
  link_server_port server;
};
/// A user or server of links that will end: it needs them no more, and hears of them no more.
struct forget_actor {
  caf::actor_addr who;
};
using router_port = caf::typed_actor<takes<want_link>,          // dial, or share an open link
                                     takes<release_link>,       // one user less
                                     takes<drop_link>,          // close with a reason
                                     takes<add_link_server>,    // from now on tell this server of closed links
                                     takes<forget_actor>,       // one user or server less, of all links
                                     takes<link_accepted>,      // from the transport
                                     takes<link_dialled>,       // from the transport
                                     takes<link_broken>,        // from the transport
                                     takes<link_id, peer_body>, // hello, ping, pong, goodbye of a link
                                     takes<tick>>;              // pings, silent links, late hellos

/// Upstream side of one instance. Served by replication_source.
using source_port = caf::typed_actor<takes<link_id, subscribe_request>, // a downstream wants entries
                                     takes<link_id, replication_ack>,   // how far it is
                                     takes<link_id, credit_grant>,      // it takes more bytes
                                     takes<link_id, snapshot_request>,  // it wants a full copy
                                     takes<link_id, unsubscribe>,       // it has left for another upstream
                                     takes<upstream_news>,              // heartbeat from our own upstream
                                     takes<forget_news>,                // those we had mean nothing any more
                                     takes<link_closed>,                // a downstream is gone
                                     takes<wait_acks>,                  // answered when enough downstreams have it
                                     takes<batch_applied>,              // new entries to send
                                     takes<tick>>;                      // heartbeats, export grace, waiters

/// Downstream side of one instance. Served by replication_sink.
struct follow_as {
  instance_role role = instance_role::replica;
  source_port source; ///< of a replica
};
using sink_port = caf::typed_actor<takes<link_opened>, takes<link_closed>,
                                   takes<follow_as>,                // ask for the data of that role from now on
                                   takes<link_id, subscribe_reply>, // verdict of the upstream
                                   takes<link_id, entry_batch>,     // the next entries
                                   takes<link_id, heartbeat>,       // news of the root
                                   takes<link_id, snapshot_wait>,   // our place in the line
                                   takes<link_id, snapshot_begin>,  // what the copy is of
                                   takes<link_id, snapshot_chunk>,  // the next keys
                                   takes<batch_synced>,             // what to acknowledge as durable
                                   takes<upstreams_found>,          // from the oracle
                                   takes<tick>>;                    // redial, staleness, review

/// Answers proxies from history. Served by lookup_server (own thread: it reads the disk).
using lookup_server_port = caf::typed_actor<takes<link_id, lookup_request>, takes<link_closed>>;

/// Whether a replica's data come next: reads of a proxy's then go on being answered when these have replaced them.
struct keep_source {
  bool kept = false;
};
/// A proxy's misses. Served by proxy_lookup.
using proxy_lookup_port =
    caf::typed_actor<takes<fetch_command>, takes<link_opened>, takes<link_closed>, takes<link_id, lookup_response>,
                     takes<set_admission>, // which values are cached from now on
                     takes<batch_applied>, // where its log is
                     takes<keep_source>,   // another role comes
                     takes<set_replicas>,  // whom to ask from now on
                     takes<tick>>;         // deadlines, pool

/// Knows the tree, and who is near. Served by gossip on roots and intermediates, by guide on leaves.
using oracle_port = caf::typed_actor<takes<find_upstreams>,            // who can be followed?
                                     takes<datagram>,                  // from the datagram transport
                                     takes<link_id, gossip_state>,     // another member's full state
                                     takes<link_id, nearest_request>,  // a leaf wants to know who is near
                                     takes<link_id, nearest_reply>,    // and is told
                                     takes<link_id, register_replica>, // a leaf can be asked for these
                                     takes<link_opened>, takes<link_closed>,
                                     takes<tick>>; // probes, gossip, surveys, registrations

/// A proxy that wants to be told its replicas: now, as far as they are known, and whenever they change.
struct add_proxy {
  std::string instance;
  proxy_lookup_port proxy;
};
struct remove_proxy {
  std::string instance;
};
/// Finds replicas for proxies. Served by guide and srv_finder.
using finder_port = caf::typed_actor<takes<add_proxy>,     // tell it from now on
                                     takes<remove_proxy>>; // and no more

/// The replica instances of this leaf, from now on; others may ask it for these.
struct set_served {
  std::vector<std::string> instances;
};
/// The oracle of a leaf. Served by guide.
using guide_port = oracle_port::extend_with<finder_port>::extend<takes<set_served>>; // registers them, or no more

/// What of each instance is in use. Served by working_set.
using working_set_port = caf::typed_actor<takes<access_batch>,     // reads of keys in the sample, of one event loop
                                          takes<samples_exported>, // the exporter has answered
                                          takes<tick>>;            // publish reports, send rows

} // namespace argentum
