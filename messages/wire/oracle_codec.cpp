// SPDX-License-Identifier: Apache-2.0
#include "messages/wire/oracle_codec.hpp"

#include "messages/wire/codec_parts.hpp"

namespace argentum::wire {

void put(pb::Envelope& to, const gossip_state& from, bool) {
  auto& arm = *to.mutable_gossip_state();
  arm.set_sealed(from.sealed);
  arm.set_answer(from.answer);
}

bool take(const pb::GossipState& from, gossip_state& out) {
  out = {from.sealed(), from.answer()};
  return true;
}

void put(pb::Envelope& to, const nearest_request& from, bool compress) {
  auto& arm = *to.mutable_nearest_request();
  arm.set_node(from.node);
  arm.set_datacenter(from.datacenter);
  put(*arm.mutable_instances(), from.instances, compress);
}

bool take(const pb::NearestRequest& from, nearest_request& out) {
  return take_name(from.node(), out.node) && take_name(from.datacenter(), out.datacenter)
         && take_instances(from.instances(), out.instances);
}

void put(pb::Envelope& to, const nearest_reply& from, bool compress) {
  auto& arm = *to.mutable_nearest_reply();
  put(*arm.mutable_groups(), from.groups, compress);
  put(*arm.mutable_replicas(), from.replicas, compress);
}

bool take(const pb::NearestReply& from, nearest_reply& out) {
  if (from.groups().count() > limits::near_groups_max || from.replicas().count() > limits::near_replicas_max)
    return false;
  auto group_fits = [](nearest_reply::group& group) {
    return group.datacenter.size() <= limits::name_bytes_max && group.upstreams.size() <= limits::near_contacts_max
           && std::all_of(group.upstreams.begin(), group.upstreams.end(), fits);
  };
  auto owner_fits = [](const nearest_reply::owner& owner) {
    return owner.instance.size() <= limits::name_bytes_max && fits(owner.who);
  };
  return take(from.groups(), out.groups) && std::all_of(out.groups.begin(), out.groups.end(), group_fits)
         && take(from.replicas(), out.replicas)
         && std::all_of(out.replicas.begin(), out.replicas.end(), owner_fits);
}

void put(pb::Envelope& to, const register_replica& from, bool compress) {
  auto& arm = *to.mutable_register_replica();
  arm.set_node(from.who.node);
  arm.set_address(from.who.address);
  put(*arm.mutable_instances(), from.instances, compress);
  arm.set_ttl_ms(static_cast<std::uint64_t>(from.ttl.count()));
}

bool take(const pb::RegisterReplica& from, register_replica& out) {
  return take_name(from.node(), out.who.node) && take_address(from.address(), out.who.address)
         && take_instances(from.instances(), out.instances) && take_time(from.ttl_ms(), out.ttl);
}

} // namespace argentum::wire
