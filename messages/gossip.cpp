// SPDX-License-Identifier: Apache-2.0
#include "messages/gossip.hpp"

namespace argentum {

namespace {

// Field numbers and lengths of names take a byte each, lengths of addresses two, numbers ten at most.
constexpr std::size_t coordinate_bytes = 38;
constexpr std::size_t identity_bytes = 31;

std::size_t bytes_of(const instance_status& status) noexcept {
  return 73 + status.instance.size() + status.upstream.size();
}

struct body_bytes {
  std::size_t operator()(const gossip_round&) const { return 2; }
  std::size_t operator()(const probe& m) const { return 13 + m.target.size(); }
  std::size_t operator()(const probe_answer&) const { return 20 + coordinate_bytes; }
  std::size_t operator()(const probe_request& m) const {
    return 17 + m.target.node.size() + m.target.address.size();
  }
  std::size_t operator()(const probe_missed&) const { return 11; }
  std::size_t operator()(const status_query& m) const { return 13 + m.instance.size(); }
  std::size_t operator()(const status_answer& m) const {
    auto own = 18 + coordinate_bytes + m.node.size() + m.datacenter.size();
    return m.status ? own + bytes_of(*m.status) : own;
  }
};

} // namespace

std::size_t bytes_at_most(const member_news& news) noexcept {
  auto identity = identity_bytes + news.who.node.size() + news.by.size();
  if (news.who.state != member_state::alive) return identity;
  return identity + 7 + coordinate_bytes + news.who.address.size() + news.who.datacenter.size();
}

std::size_t bytes_at_most(const gossip_message& message) noexcept {
  auto bytes = gossip_seal_bytes + 13 + message.from.size() + std::visit(body_bytes{}, message.body);
  for (const auto& news : message.news) bytes += bytes_at_most(news);
  return bytes;
}

std::size_t bytes_at_most(const member_report& report) noexcept {
  auto who = report.who;
  who.state = member_state::alive;
  auto bytes = bytes_at_most(member_news{std::move(who), {}}) + 16;
  for (const auto& status : report.statuses) bytes += bytes_of(status);
  return bytes;
}

} // namespace argentum
