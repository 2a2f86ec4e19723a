// SPDX-License-Identifier: Apache-2.0
#include "actors/peer/peer_router.hpp"

#include "actors/peer/handshake.hpp"
#include "messages/limits.hpp"
#include "messages/names.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace argentum::actors {

namespace {

/// How the peer of a link is called in logs.
const std::string& label_of(const link_row& row) {
  if (row.was_open()) return row.peer.node;
  return row.dialled() ? row.address : row.remote;
}

} // namespace

void peer_router_state::on_want(want_link& m) {
  auto link = links.to(m.address);
  if (!link) {
    link = transport->new_link();
    links.dial(*link, m.address, now());
    transport->dial(*link, m.address);
  }
  auto& sharers = users[*link];
  if (std::find(sharers.begin(), sharers.end(), m.user) == sharers.end()) sharers.push_back(m.user);
  const auto* row = links.find(*link);
  if (row->phase == link_phase::open) self->send(m.user, link_opened{*link, m.address, row->peer});
}

void peer_router_state::on_release(const release_link& m) {
  if (auto link = links.to(m.address)) unshare(*link, m.user);
}

void peer_router_state::on_drop(const drop_link& m) {
  const auto* row = links.find(m.link);
  if (row == nullptr || row->phase == link_phase::closing) return;
  spdlog::warn("argentum.router: dropping link to {}: {}", label_of(*row), describe(m.reason));
  send(m.link, goodbye{describe(m.reason)});
  close(m.link, m.reason);
}

void peer_router_state::on_forget(const forget_actor& m) {
  std::erase_if(servers, [&m](const auto& each) { return each.address() == m.who; });
  std::vector<link_id> shared;
  for (const auto& [link, sharers] : users) shared.push_back(link);
  for (auto link : shared) unshare(link, m.who);
}

void peer_router_state::on_accepted(const link_accepted& m) {
  if (links.accept(m.link, m.remote, now())) return;
  config.metrics->links_refused.add();
  spdlog::warn("argentum.router: refused {}: {} links are open", m.remote, limits::links_max);
  send(m.link, goodbye{"too many links"});
  transport->hang_up(m.link, make_error(errc::overloaded, "too many links"));
}

void peer_router_state::on_dialled(const link_dialled& m) {
  if (links.connected(m.link)) send(m.link, own_hello());
}

void peer_router_state::on_broken(const link_broken& m) {
  auto row = links.forget(m.link);
  if (!row) return;
  if (row->phase != link_phase::closing) {
    config.metrics->links_failed.add();
    if (row->was_open()) spdlog::warn("argentum.router: lost {}: {}", label_of(*row), describe(m.reason));
    gate_shut(m.link);
    tell_users(m.link, *row, m.reason);
  }
  if (!row->was_open()) return;
  for (const auto& server : servers) self->send(server, link_closed{m.link, row->address, m.reason});
}

void peer_router_state::on_peer(link_id link, const peer_body& body) {
  const auto* row = links.find(link);
  if (row == nullptr || row->phase == link_phase::closing) return;
  if (const auto* greeting = std::get_if<hello>(&body)) return on_hello(link, *greeting);
  if (const auto* bye = std::get_if<goodbye>(&body)) return on_goodbye(link, *row, *bye);
  if (row->phase != link_phase::open) return;
  links.heard(link, config.gate->passed(link), now());
  if (const auto* question = std::get_if<ping>(&body)) send(link, pong{question->token});
}

void peer_router_state::on_hello(link_id link, const hello& peer) {
  if (auto why = objection(own_hello(), peer)) return refuse(link, *why);
  if (!links.open(link, peer, now())) return refuse(link, "a second hello");
  const auto& row = *links.find(link);
  config.gate->let_in(link);
  if (!row.dialled()) send(link, own_hello());
  // Within a datacenter the network is faster than zstd. Who names none may be anywhere.
  bool near = !config.datacenter.empty() && peer.datacenter == config.datacenter;
  if (peer.zstd && !near) transport->allow_compression(link);
  config.metrics->links_opened.add();
  publish_count();
  spdlog::info("argentum.router: linked with {} ({})", peer.node, row.dialled() ? row.address : row.remote);
  if (auto it = users.find(link); it != users.end()) {
    for (const auto& user : it->second) self->send(user, link_opened{link, row.address, peer});
  }
}

void peer_router_state::on_goodbye(link_id link, const link_row& row, const goodbye& bye) {
  if (bye.reason.empty()) return close(link, make_error(errc::link_lost, "the peer needs the link no more"));
  bool greeted = row.was_open();
  auto reason = printable(bye.reason);
  spdlog::warn("argentum.router: {} {}: {}", label_of(row), greeted ? "said goodbye" : "refused us", reason);
  config.metrics->links_failed.add();
  close(link, make_error(greeted ? errc::link_lost : errc::refused, "peer said: " + reason));
}

void peer_router_state::on_tick() {
  auto t = now();
  for (auto link : links.late(t)) {
    config.metrics->links_failed.add();
    spdlog::warn("argentum.router: no hello from {} in time", label_of(*links.find(link)));
    close(link, make_error(errc::timed_out, "no hello in time"));
  }
  for (auto link : links.in_phase(link_phase::open)) {
    auto passed = config.gate->passed(link);
    if (passed != links.find(link)->passed) links.heard(link, passed, t);
  }
  for (auto link : links.silent(t)) {
    config.metrics->links_silent.add();
    config.metrics->links_failed.add();
    spdlog::warn("argentum.router: {} is silent, closing the link", label_of(*links.find(link)));
    close(link, make_error(errc::link_lost, "nothing heard from the peer"));
  }
  ++ping_token;
  for (auto link : links.in_phase(link_phase::open)) {
    if (links.find(link)->heard != t) send(link, ping{ping_token}); // its messages prove enough
  }
  self->delayed_send(self, limits::heartbeat_interval, tick{});
}

void peer_router_state::on_exit() {
  for (auto phase : {link_phase::dialling, link_phase::greeting, link_phase::open}) {
    for (auto link : links.in_phase(phase)) {
      if (phase != link_phase::dialling) send(link, goodbye{"shutting down"});
      gate_shut(link);
      transport->hang_up(link, make_error(errc::unavailable, "shutting down"));
    }
  }
}

void peer_router_state::refuse(link_id link, const std::string& reason) {
  config.metrics->links_refused.add();
  spdlog::warn("argentum.router: refused {}: {}", label_of(*links.find(link)), reason);
  send(link, goodbye{reason});
  close(link, make_error(errc::refused, reason));
}

/// The last one closes the door, without a reason: the peer need not wonder.
void peer_router_state::unshare(link_id link, const caf::actor_addr& user) {
  auto& sharers = users[link];
  auto left = std::erase_if(sharers, [&user](const auto& each) { return each.address() == user; });
  if (left == 0 || !sharers.empty()) return;
  if (links.find(link)->phase != link_phase::dialling) send(link, goodbye{});
  close(link, make_error(errc::link_lost, "not needed any more"));
}

/// Hangs up and tells the users; the transport's `broken` is still to come.
void peer_router_state::close(link_id link, const caf::error& reason) {
  link_row row = *links.find(link);
  links.close(link);
  gate_shut(link);
  transport->hang_up(link, reason);
  tell_users(link, row, reason);
}

void peer_router_state::tell_users(link_id link, const link_row& row, const caf::error& reason) {
  auto it = users.find(link);
  if (it == users.end()) return;
  link_closed event{row.phase == link_phase::open ? link : link_id{}, row.address, reason};
  for (const auto& user : it->second) self->send(user, event);
  users.erase(it);
}

void peer_router_state::send(link_id link, peer_body body) {
  transport->send(link, peer_message{{}, std::move(body)});
}

void peer_router_state::gate_shut(link_id link) {
  config.gate->shut(link);
  publish_count();
}

void peer_router_state::publish_count() {
  config.metrics->links.set(static_cast<std::int64_t>(links.open_count()));
}

hello peer_router_state::own_hello() const {
  hello own;
  own.node = config.node;
  own.process = config.process;
  own.role = config.role;
  own.datacenter = config.datacenter;
  return own;
}

std::chrono::steady_clock::time_point peer_router_state::now() const {
  return self->clock().now();
}

router_port::behavior_type peer_router(router_port::stateful_pointer<peer_router_state> self, router_config config,
                                       std::shared_ptr<peer_transport> transport) {
  auto& st = self->state;
  st.ping_token = config.seed;
  st.config = std::move(config);
  st.transport = std::move(transport);
  self->set_exit_handler([self](caf::exit_msg& m) {
    self->state.on_exit();
    self->quit(std::move(m.reason));
  });
  self->delayed_send(self, limits::heartbeat_interval, tick{});
  return {
      [&st](want_link& m) { st.on_want(m); },
      [&st](const release_link& m) { st.on_release(m); },
      [&st](const drop_link& m) { st.on_drop(m); },
      [&st](const add_link_server& m) { st.servers.push_back(m.server); },
      [&st](const forget_actor& m) { st.on_forget(m); },
      [&st](const link_accepted& m) { st.on_accepted(m); },
      [&st](const link_dialled& m) { st.on_dialled(m); },
      [&st](const link_broken& m) { st.on_broken(m); },
      [&st](link_id link, const peer_body& body) { st.on_peer(link, body); },
      [&st](tick) { st.on_tick(); },
  };
}

} // namespace argentum::actors
