// SPDX-License-Identifier: Apache-2.0
#include "messages/wire/codec.hpp"

#include "messages/wire/admin_codec.hpp"
#include "messages/wire/codec_parts.hpp"
#include "messages/wire/oracle_codec.hpp"

#include <limits>

namespace argentum::wire {

namespace {

using wire::put; // which those below would hide
using wire::take;

// -- one pair a message: put(envelope, message, compress), take(arm, message) -------------------------------------

void put(pb::Envelope& to, const hello& from, bool) {
  auto& arm = *to.mutable_hello();
  arm.set_protocol_min(from.protocol_min);
  arm.set_protocol_max(from.protocol_max);
  arm.set_node(from.node);
  arm.set_process(from.process);
  arm.set_role(static_cast<std::uint32_t>(from.role));
  arm.set_datacenter(from.datacenter);
  arm.set_zstd(from.zstd);
}

bool take(const pb::Hello& from, hello& out) {
  out.protocol_min = from.protocol_min();
  out.protocol_max = from.protocol_max();
  out.process = from.process();
  out.zstd = from.zstd();
  return out.protocol_min <= out.protocol_max && take_name(from.node(), out.node)
         && take(from.role(), node_role::leaf, out.role) && take_name(from.datacenter(), out.datacenter);
}

void put(pb::Envelope& to, const goodbye& from, bool) {
  to.mutable_goodbye()->set_reason(from.reason.substr(0, limits::reason_bytes_max));
}

bool take(const pb::Goodbye& from, goodbye& out) {
  out.reason = from.reason();
  return out.reason.size() <= limits::reason_bytes_max;
}

void put(pb::Envelope& to, const ping& from, bool) {
  to.mutable_ping()->set_token(from.token);
}

bool take(const pb::Ping& from, ping& out) {
  out.token = from.token();
  return true;
}

void put(pb::Envelope& to, const pong& from, bool) {
  to.mutable_pong()->set_token(from.token);
}

bool take(const pb::Pong& from, pong& out) {
  out.token = from.token();
  return true;
}

void put(pb::Envelope& to, const subscribe_request& from, bool) {
  auto& arm = *to.mutable_subscribe_request();
  put(*arm.mutable_id(), from.id);
  arm.set_role(static_cast<std::uint32_t>(from.role));
  put(*arm.mutable_from(), from.from);
  arm.set_credit_bytes(from.credit_bytes);
  arm.set_node(from.who.node);
  arm.set_address(from.who.address);
  arm.set_place(static_cast<std::uint32_t>(from.place));
}

bool take(const pb::SubscribeRequest& from, subscribe_request& out) {
  out.id = take(from.id());
  out.from = take(from.from());
  out.credit_bytes = from.credit_bytes();
  return take(from.role(), instance_role::proxy, out.role) && take_name(from.node(), out.who.node)
         && take_address(from.address(), out.who.address) && take(from.place(), node_role::leaf, out.place);
}

void put(pb::Heartbeat& to, const heartbeat& from, bool compress) {
  to.set_root_head(from.root_head);
  to.set_root_stamp_us(from.root_stamp.time_since_epoch().count());
  to.set_root_time_us(from.root_time.time_since_epoch().count());
  to.set_news(from.news);
  put(*to.mutable_path(), from.path, compress);
  to.set_delay_us(static_cast<std::uint64_t>(from.delay.count()));
}

bool take(const pb::Heartbeat& from, heartbeat& out) {
  out.root_head = from.root_head();
  out.root_stamp = to_stamp(from.root_stamp_us());
  out.root_time = to_stamp(from.root_time_us());
  out.news = from.news();
  return from.path().count() <= limits::path_nodes_max && take(from.path(), out.path)
         && take_time(from.delay_us(), out.delay);
}

void put(pb::Envelope& to, const subscribe_reply& from, bool compress) {
  auto& arm = *to.mutable_subscribe_reply();
  arm.set_verdict(static_cast<std::uint32_t>(from.verdict));
  put(*arm.mutable_id(), from.id);
  put(*arm.mutable_head(), from.head);
  if (from.news) put(*arm.mutable_news(), *from.news, compress);
  put(*arm.mutable_alternatives(), from.alternatives, compress);
}

bool take(const pb::SubscribeReply& from, subscribe_reply& out) {
  out.id = take(from.id());
  out.head = take(from.head());
  if (from.has_news() && !take(from.news(), out.news.emplace())) return false;
  return take(from.verdict(), subscribe_verdict::full, out.verdict)
         && take(from.alternatives(), limits::alternatives_max, out.alternatives);
}

void put(pb::Envelope& to, const entry_batch& from, bool compress) {
  auto& arm = *to.mutable_entry_batch();
  arm.set_first_index(from.run->front().index);
  put(*arm.mutable_records(), *from.run, compress);
}

bool take(const pb::EntryBatch& from, entry_batch& out) {
  auto run = std::make_shared<std::vector<log_record>>();
  auto whole = take(from.records(), [&](std::string_view bytes, std::uint32_t count) {
    return count > 0 && unpack(bytes, count, from.first_index(), *run);
  });
  out.run = std::move(run);
  return whole;
}

void put(pb::Envelope& to, const replication_ack& from, bool) {
  auto& arm = *to.mutable_replication_ack();
  arm.set_applied(from.applied);
  arm.set_durable(from.durable);
}

bool take(const pb::ReplicationAck& from, replication_ack& out) {
  out = {from.applied(), from.durable()};
  return true;
}

void put(pb::Envelope& to, const credit_grant& from, bool) {
  to.mutable_credit_grant()->set_bytes(from.bytes);
}

bool take(const pb::CreditGrant& from, credit_grant& out) {
  out.bytes = from.bytes();
  return true;
}

void put(pb::Envelope& to, const heartbeat& from, bool compress) {
  put(*to.mutable_heartbeat(), from, compress);
}

void put(pb::Envelope& to, const snapshot_request& from, bool) {
  auto& arm = *to.mutable_snapshot_request();
  arm.set_role(static_cast<std::uint32_t>(from.role));
  arm.set_credit_bytes(from.credit_bytes);
  arm.set_resume_index(from.resume_index);
  arm.set_resume_after_key(from.resume_after_key);
}

bool take(const pb::SnapshotRequest& from, snapshot_request& out) {
  out.credit_bytes = from.credit_bytes();
  out.resume_index = from.resume_index();
  out.resume_after_key = from.resume_after_key();
  return take(from.role(), instance_role::proxy, out.role);
}

void put(pb::Envelope& to, const snapshot_wait& from, bool) {
  to.mutable_snapshot_wait()->set_ahead(from.ahead);
}

bool take(const pb::SnapshotWait& from, snapshot_wait& out) {
  out.ahead = from.ahead();
  return true;
}

void put(pb::Envelope& to, const snapshot_begin& from, bool) {
  auto& arm = *to.mutable_snapshot_begin();
  put(*arm.mutable_id(), from.header.id);
  put(*arm.mutable_at(), from.header.at);
  arm.set_stamp_us(from.header.stamp.time_since_epoch().count());
  arm.set_key_count(from.header.key_count);
  arm.set_resumed(from.resumed);
}

bool take(const pb::SnapshotBegin& from, snapshot_begin& out) {
  out.header = {take(from.id()), take(from.at()), to_stamp(from.stamp_us()), from.key_count()};
  out.resumed = from.resumed();
  return true;
}

void put(pb::Envelope& to, const snapshot_chunk& from, bool compress) {
  auto& arm = *to.mutable_snapshot_chunk();
  put(*arm.mutable_records(), from.records, compress);
  arm.set_last(from.last);
}

bool take(const pb::SnapshotChunk& from, snapshot_chunk& out) {
  out.last = from.last();
  return take(from.records(), out.records);
}

void put(pb::Envelope& to, const lookup_request& from, bool compress) {
  auto& arm = *to.mutable_lookup_request();
  arm.set_id(from.id);
  put(*arm.mutable_items(), from.items, compress);
  put(*arm.mutable_trail(), from.trail, false);
  arm.set_budget_us(static_cast<std::uint64_t>(from.budget.count()));
}

bool take(const pb::LookupRequest& from, lookup_request& out) {
  out.id = from.id();
  constexpr std::chrono::microseconds budget_max{limits::lookup_deadline_max};
  out.budget = from.budget_us() < budget_max.count() ? std::chrono::microseconds{from.budget_us()} : budget_max;
  return from.items().count() <= limits::lookup_keys_max && from.trail().count() <= limits::lookup_positions_max
         && take(from.items(), out.items) && take(from.trail(), out.trail);
}

void put(pb::Envelope& to, const lookup_response& from, bool compress) {
  auto& arm = *to.mutable_lookup_response();
  arm.set_id(from.id);
  arm.set_first(from.first);
  put(*arm.mutable_answers(), from.answers, compress);
}

bool take(const pb::LookupResponse& from, lookup_response& out) {
  out.id = from.id();
  out.first = from.first();
  return from.first() <= limits::lookup_keys_max && from.answers().count() <= limits::lookup_keys_max - from.first()
         && take(from.answers(), out.answers);
}

void put(pb::Envelope& to, const unsubscribe&, bool) {
  to.mutable_unsubscribe();
}

bool take(const pb::Unsubscribe&, unsubscribe&) {
  return true;
}

void put(pb::Envelope& to, const unknown_message&, bool) {
  to.clear_body();
}

template <class Message, class Arm>
bool take_as(const Arm& from, peer_body& out) {
  return take(from, out.emplace<Message>());
}

bool take(const pb::Envelope& from, peer_body& out) {
  switch (from.body_case()) {
  case pb::Envelope::kHello: return take_as<hello>(from.hello(), out);
  case pb::Envelope::kGoodbye: return take_as<goodbye>(from.goodbye(), out);
  case pb::Envelope::kPing: return take_as<ping>(from.ping(), out);
  case pb::Envelope::kPong: return take_as<pong>(from.pong(), out);
  case pb::Envelope::kSubscribeRequest: return take_as<subscribe_request>(from.subscribe_request(), out);
  case pb::Envelope::kSubscribeReply: return take_as<subscribe_reply>(from.subscribe_reply(), out);
  case pb::Envelope::kEntryBatch: return take_as<entry_batch>(from.entry_batch(), out);
  case pb::Envelope::kReplicationAck: return take_as<replication_ack>(from.replication_ack(), out);
  case pb::Envelope::kCreditGrant: return take_as<credit_grant>(from.credit_grant(), out);
  case pb::Envelope::kHeartbeat: return take_as<heartbeat>(from.heartbeat(), out);
  case pb::Envelope::kSnapshotRequest: return take_as<snapshot_request>(from.snapshot_request(), out);
  case pb::Envelope::kSnapshotWait: return take_as<snapshot_wait>(from.snapshot_wait(), out);
  case pb::Envelope::kSnapshotBegin: return take_as<snapshot_begin>(from.snapshot_begin(), out);
  case pb::Envelope::kSnapshotChunk: return take_as<snapshot_chunk>(from.snapshot_chunk(), out);
  case pb::Envelope::kLookupRequest: return take_as<lookup_request>(from.lookup_request(), out);
  case pb::Envelope::kLookupResponse: return take_as<lookup_response>(from.lookup_response(), out);
  case pb::Envelope::kUnsubscribe: return take_as<unsubscribe>(from.unsubscribe(), out);
  case pb::Envelope::kGossipState: return take_as<gossip_state>(from.gossip_state(), out);
  case pb::Envelope::kNearestRequest: return take_as<nearest_request>(from.nearest_request(), out);
  case pb::Envelope::kNearestReply: return take_as<nearest_reply>(from.nearest_reply(), out);
  case pb::Envelope::kRegisterReplica: return take_as<register_replica>(from.register_replica(), out);
  case pb::Envelope::kAdminRequest: return take_as<admin_request>(from.admin_request(), out);
  case pb::Envelope::kAdminCancel: return take_as<admin_cancel>(from.admin_cancel(), out);
  case pb::Envelope::kAdminReply: return take_as<admin_reply>(from.admin_reply(), out);
  case pb::Envelope::BODY_NOT_SET: break;
  }
  out = unknown_message{};
  return true;
}

} // namespace

std::string encode(const peer_message& message, bool compress, std::size_t room) {
  pb::Envelope envelope;
  envelope.set_instance(message.instance);
  std::visit([&](const auto& body) { put(envelope, body, compress); }, message.body);
  std::string out(room + envelope.ByteSizeLong(), '\0');
  envelope.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(out.data() + room));
  return out;
}

caf::expected<peer_message> decode(std::string_view bytes) {
  auto bad = [] { return make_error(errc::corrupt, "malformed message from a peer"); };
  if (bytes.size() > limits::frame_bytes_max) return bad();
  pb::Envelope envelope;
  peer_message out;
  if (!envelope.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))
      || !take_name(envelope.instance(), out.instance) || !take(envelope, out.body))
    return bad();
  return out;
}

} // namespace argentum::wire
