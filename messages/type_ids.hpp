// SPDX-License-Identifier: Apache-2.0
// The only CAF type block. Messages stay inside the process, so none is serialised by CAF ("unsafe" in its words).
#pragma once

#include "messages/access_sample.hpp"
#include "messages/link_events.hpp"
#include "messages/name_service.hpp"
#include "messages/oracle_commands.hpp"
#include "messages/store_commands.hpp"
#include "messages/upkeep.hpp"
#include "messages/write.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>
#include <caf/type_id.hpp>

namespace argentum {
struct add_applied_listener;
struct add_link_server;
struct add_proxy;
struct add_synced_listener;
struct follow_as;
struct forget_actor;
struct keep_source;
struct release_link;
struct remove_applied_listener;
struct remove_proxy;
struct run_sweep;
struct run_sync;
struct set_served;
struct take_role;
struct want_link;
struct drop_link;
} // namespace argentum

// It would be indented by one step more each line.
// clang-format off
#define ARGENTUM_MESSAGES(X) \
  X(argentum::add_link_server) X(argentum::follow_as) X(argentum::forget_actor) X(argentum::keep_source) \
  X(argentum::remove_applied_listener) X(argentum::take_role) \
  X(argentum::datagram) X(argentum::find_upstreams) X(argentum::gossip_state) X(argentum::nearest_reply) \
  X(argentum::nearest_request) X(argentum::register_replica) X(argentum::set_replicas) X(argentum::srv_heard) \
  X(argentum::add_proxy) X(argentum::remove_proxy) X(argentum::set_served) \
  X(argentum::release_link) X(argentum::upstreams_found) X(argentum::forget_news) \
  X(argentum::access_batch) X(argentum::samples_exported) \
  X(argentum::add_applied_listener) X(argentum::add_synced_listener) X(argentum::adopt_instance) \
  X(argentum::advance_horizon) X(argentum::apply_batch) X(argentum::batch_applied) X(argentum::batch_synced) \
  X(argentum::begin_import) X(argentum::check_position) X(argentum::close_export) X(argentum::collect_history) \
  X(argentum::credit_grant) X(argentum::drop_link) X(argentum::entry_batch) X(argentum::evict_values) \
  X(argentum::export_opened) X(argentum::fetch_command) X(argentum::fill_value) X(argentum::finish_import) \
  X(argentum::flush) X(argentum::get_import) X(argentum::get_space) X(argentum::get_store_report) \
  X(argentum::heartbeat) X(argentum::import_chunk) X(argentum::import_progress) X(argentum::link_accepted) \
  X(argentum::link_broken) X(argentum::link_closed) X(argentum::link_dialled) X(argentum::link_id) \
  X(argentum::link_opened) X(argentum::log_slice) X(argentum::lookup_request) X(argentum::lookup_response) \
  X(argentum::open_export) X(argentum::peer_body) X(argentum::position_check) X(argentum::read_export) \
  X(argentum::read_log) X(argentum::replication_ack) X(argentum::run_sweep) X(argentum::run_sync) \
  X(argentum::set_admission) X(argentum::snapshot_begin) X(argentum::snapshot_chunk) \
  X(argentum::snapshot_request) X(argentum::snapshot_wait) X(argentum::space_report) X(argentum::store_report) \
  X(argentum::subscribe_reply) X(argentum::subscribe_request) X(argentum::sweep_outcome) X(argentum::tick) \
  X(argentum::unsubscribe) X(argentum::upstream_news) X(argentum::wait_acks) \
  X(argentum::wait_index) X(argentum::want_link) X(argentum::write_batch) X(argentum::write_command)
// clang-format on

CAF_BEGIN_TYPE_ID_BLOCK(argentum, caf::first_custom_type_id)
#define ARGENTUM_ADD_TYPE_ID(type) CAF_ADD_TYPE_ID(argentum, (type))
ARGENTUM_MESSAGES(ARGENTUM_ADD_TYPE_ID)
#undef ARGENTUM_ADD_TYPE_ID
CAF_END_TYPE_ID_BLOCK(argentum)

ARGENTUM_MESSAGES(CAF_ALLOW_UNSAFE_MESSAGE_TYPE)
