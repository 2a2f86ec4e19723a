// SPDX-License-Identifier: Apache-2.0
#include "messages/wire/gossip_codec.hpp"

#include "messages/names.hpp"
#include "messages/varint.hpp"
#include "messages/wire/codec_parts.hpp"
#include "messages/wire/gossip.pb.h"

#include <cmath>

namespace argentum::wire {

namespace {

using wire::put;
using wire::take;

/// Such names need no care in logs and reports.
bool take_safe(const std::string& from, std::string& out) {
  out = from;
  return from.empty() || is_name(from);
}

/// Far beyond any round trip on earth.
constexpr double ms_max = 1'000'000;

std::int32_t to_us(double ms) {
  return static_cast<std::int32_t>(std::lround(std::clamp(ms, -ms_max, ms_max) * 1000));
}

void put(pb::Coordinate& to, const coordinate& from) {
  for (auto ms : from.at) to.add_at_us(to_us(ms));
  to.set_height_us(static_cast<std::uint32_t>(std::max(0, to_us(from.height))));
  to.set_error_permille(static_cast<std::uint32_t>(std::max(0, to_us(from.error))));
}

bool take(const pb::Coordinate& from, coordinate& out) {
  if (static_cast<std::size_t>(from.at_us_size()) != out.at.size()) return false;
  for (std::size_t i = 0; i < out.at.size(); ++i) out.at[i] = from.at_us(static_cast<int>(i)) / 1000.0;
  out.height = from.height_us() / 1000.0;
  out.error = from.error_permille() / 1000.0;
  return std::all_of(out.at.begin(), out.at.end(), [](double ms) { return std::abs(ms) <= ms_max; })
         && out.height <= ms_max && out.error <= ms_max;
}

void put_identity(pb::Member& to, const member& from) {
  to.set_node(from.node);
  to.set_process(from.process);
  to.set_incarnation(from.incarnation);
  to.set_state(static_cast<std::uint32_t>(from.state));
}

void put_all(pb::Member& to, const member& from) {
  put_identity(to, from);
  to.set_address(from.address);
  to.set_role(static_cast<std::uint32_t>(from.role));
  to.set_datacenter(from.datacenter);
  put(*to.mutable_where(), from.where);
}

bool take_identity(const pb::Member& from, member& out) {
  out.process = from.process();
  out.incarnation = from.incarnation();
  return !from.node().empty() && take_safe(from.node(), out.node)
         && take(from.state(), member_state::left, out.state);
}

bool take_all(const pb::Member& from, member& out) {
  return take_identity(from, out) && !from.address().empty() && take_address(from.address(), out.address)
         && take(from.role(), node_role::leaf, out.role) && take_safe(from.datacenter(), out.datacenter)
         && take(from.where(), out.where);
}

void put(pb::Member& to, const member_news& from) {
  if (from.who.state == member_state::alive)
    put_all(to, from.who);
  else
    put_identity(to, from.who);
  to.set_by(from.by);
}

bool take(const pb::Member& from, member_news& out) {
  bool alive = from.state() == static_cast<std::uint32_t>(member_state::alive);
  return (alive ? take_all(from, out.who) : take_identity(from, out.who)) && take_safe(from.by(), out.by);
}

void put(pb::Status& to, const instance_status& from) {
  to.set_instance(from.instance);
  to.set_applied(from.applied);
  to.set_news(from.news);
  to.set_age_us(static_cast<std::uint64_t>(from.age.count()));
  to.set_delay_us(static_cast<std::uint64_t>(from.delay.count()));
  to.set_depth(from.depth);
  to.set_downstreams(from.downstreams);
  to.set_downstreams_max(from.downstreams_max);
  to.set_upstream(from.upstream);
  to.set_leaves(from.leaves);
}

bool take(const pb::Status& from, instance_status& out) {
  out.applied = from.applied();
  out.news = from.news();
  out.depth = from.depth();
  out.downstreams = from.downstreams();
  out.downstreams_max = from.downstreams_max();
  out.leaves = from.leaves();
  return take_safe(from.instance(), out.instance) && take_time(from.age_us(), out.age)
         && take_time(from.delay_us(), out.delay) && take_safe(from.upstream(), out.upstream);
}

// -- bodies: put(message, body), take(arm, body) ------------------------------------------------------------------

void put(pb::Gossip& to, const gossip_round&) {
  to.mutable_round();
}

bool take(const pb::Round&, gossip_round&) {
  return true;
}

void put(pb::Gossip& to, const probe& from) {
  to.mutable_probe()->set_token(from.token);
  to.mutable_probe()->set_target(from.target);
}

bool take(const pb::Probe& from, probe& out) {
  out.token = from.token();
  return take_safe(from.target(), out.target);
}

void put(pb::Gossip& to, const probe_answer& from) {
  to.mutable_probe_answer()->set_token(from.token);
  put(*to.mutable_probe_answer()->mutable_where(), from.where);
  to.mutable_probe_answer()->set_view(from.view);
}

bool take(const pb::ProbeAnswer& from, probe_answer& out) {
  out.token = from.token();
  out.view = from.view();
  return take(from.where(), out.where);
}

void put(pb::Gossip& to, const probe_request& from) {
  auto& arm = *to.mutable_probe_request();
  arm.set_token(from.token);
  arm.set_target(from.target.node);
  arm.set_address(from.target.address);
}

bool take(const pb::ProbeRequest& from, probe_request& out) {
  out.token = from.token();
  return take_safe(from.target(), out.target.node) && take_address(from.address(), out.target.address);
}

void put(pb::Gossip& to, const probe_missed& from) {
  to.mutable_probe_missed()->set_token(from.token);
}

bool take(const pb::ProbeMissed& from, probe_missed& out) {
  out.token = from.token();
  return true;
}

void put(pb::Gossip& to, const status_query& from) {
  to.mutable_status_query()->set_token(from.token);
  to.mutable_status_query()->set_instance(from.instance);
}

bool take(const pb::StatusQuery& from, status_query& out) {
  out.token = from.token();
  return take_safe(from.instance(), out.instance);
}

void put(pb::Gossip& to, const status_answer& from) {
  auto& arm = *to.mutable_status_answer();
  arm.set_token(from.token);
  arm.set_node(from.node);
  arm.set_role(static_cast<std::uint32_t>(from.role));
  arm.set_datacenter(from.datacenter);
  put(*arm.mutable_where(), from.where);
  if (from.status) put(*arm.mutable_status(), *from.status);
}

bool take(const pb::StatusAnswer& from, status_answer& out) {
  out.token = from.token();
  return take_safe(from.node(), out.node) && take(from.role(), node_role::leaf, out.role)
         && take_safe(from.datacenter(), out.datacenter) && take(from.where(), out.where)
         && (!from.has_status() || take(from.status(), out.status.emplace()));
}

template <class Body, class Arm>
bool take_body(const Arm& from, gossip_body& out) {
  return take(from, out.emplace<Body>());
}

bool take(const pb::Gossip& from, gossip_body& out) {
  switch (from.body_case()) {
  case pb::Gossip::kRound: return take_body<gossip_round>(from.round(), out);
  case pb::Gossip::kProbe: return take_body<probe>(from.probe(), out);
  case pb::Gossip::kProbeAnswer: return take_body<probe_answer>(from.probe_answer(), out);
  case pb::Gossip::kProbeRequest: return take_body<probe_request>(from.probe_request(), out);
  case pb::Gossip::kProbeMissed: return take_body<probe_missed>(from.probe_missed(), out);
  case pb::Gossip::kStatusQuery: return take_body<status_query>(from.status_query(), out);
  case pb::Gossip::kStatusAnswer: return take_body<status_answer>(from.status_answer(), out);
  case pb::Gossip::BODY_NOT_SET: return false;
  }
  return false;
}

bool take(const pb::Report& from, member_report& out) {
  if (static_cast<std::size_t>(from.statuses_size()) > limits::instances_max) return false;
  out.statuses.resize(static_cast<std::size_t>(from.statuses_size()));
  for (std::size_t i = 0; i < out.statuses.size(); ++i) {
    if (!take(from.statuses(static_cast<int>(i)), out.statuses[i])) return false;
  }
  return take_all(from.who(), out.who) && take_time(from.age_ms(), out.age);
}

} // namespace

std::string encode(const gossip_message& message) {
  pb::Gossip out;
  out.set_from(message.from);
  out.set_process(message.process);
  std::visit([&out](const auto& body) { put(out, body); }, message.body);
  for (const auto& news : message.news) put(*out.add_news(), news);
  return out.SerializeAsString();
}

std::optional<gossip_message> decode_gossip(std::string_view bytes) {
  pb::Gossip in;
  gossip_message out;
  if (bytes.size() > limits::datagram_bytes_max || !in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return {};
  out.process = in.process();
  if (in.from().empty() || !take_safe(in.from(), out.from) || !take(in, out.body)) return {};
  out.news.resize(static_cast<std::size_t>(in.news_size()));
  for (std::size_t i = 0; i < out.news.size(); ++i) {
    if (!take(in.news(static_cast<int>(i)), out.news[i])) return {};
  }
  return out;
}

std::string encode(const std::vector<member_report>& state) {
  std::string out;
  for (const auto& report : state) {
    pb::Report one;
    put_all(*one.mutable_who(), report.who);
    one.set_age_ms(static_cast<std::uint64_t>(report.age.count()));
    for (const auto& status : report.statuses) put(*one.add_statuses(), status);
    put_sized(out, one.SerializeAsString());
  }
  return out;
}

std::optional<std::vector<member_report>> decode_state(std::string_view bytes) {
  std::vector<member_report> out;
  while (!bytes.empty()) {
    std::string_view one;
    pb::Report in;
    if (out.size() >= limits::members_max || !take_sized(bytes, one)
        || one.size() > limits::member_report_bytes_max)
      return {};
    if (!in.ParseFromArray(one.data(), static_cast<int>(one.size())) || !take(in, out.emplace_back())) return {};
  }
  return out;
}

} // namespace argentum::wire
