// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/gossip.hpp"

#include "messages/oracle_limits.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace argentum::actors {

namespace {

member own_member(const gossip_config& config) {
  member own;
  own.node = config.node;
  own.address = config.address;
  own.role = config.role;
  own.datacenter = config.datacenter;
  own.process = config.process;
  return own;
}

} // namespace

void gossip_actor_state::on_datagram(const datagram& m) {
  if (auto message = gate.open(m)) on_message(m.address, *message);
  flush();
}

void gossip_actor_state::on_message(const std::string& address, const gossip_message& m) {
  if (const auto* query = std::get_if<status_query>(&m.body)) {
    auto status = own_status(query->instance, config.instances, config.role, now());
    return send_body(address, status_answer{query->token, config.node, config.role, config.datacenter,
                                            rules->where(), std::move(status)});
  }
  if (const auto* answer = std::get_if<status_answer>(&m.body)) return on_answer(*answer);
  rules->received(now(), address, m);
}

void gossip_actor_state::on_answer(const status_answer& m) {
  bool ours = surveys.heard(m, now());
  if (ours && m.status && rules->members().find(m.node) != nullptr) board.heard(m.node, *m.status, now());
}

void gossip_actor_state::on_find(find_upstreams& m) {
  auto contacts = [this](const std::string& instance) { return contacts_for(instance); };
  surveys.begin(std::move(m), contacts, now());
  flush();
}

void gossip_actor_state::on_tick() {
  auto t = now();
  timer.fired(t);
  if (t >= rules->due()) rules->tick(t);
  if (current && t >= current->deadline) end_exchange(false);
  if (t >= report_at) publish();
  flush();
}

void gossip_actor_state::on_exit() {
  rules->leave(now());
  for (const auto& each : rules->take_datagrams()) gate.send(each.address, each.message);
}

void gossip_actor_state::send_body(const std::string& address, gossip_body body) {
  gate.send(address, {config.node, rules->members().own().process, std::move(body), {}});
}

void gossip_actor_state::advance_surveys() {
  auto t = now();
  for (auto& query : surveys.due(t)) send_body(query.address, std::move(query.what));
  for (const auto& each : surveys.take_over(t)) each.finish();
}

void gossip_actor_state::flush() {
  advance_surveys();
  for (const auto& each : rules->take_datagrams()) gate.send(each.address, each.message);
  for (auto& address : rules->take_exchanges()) want_exchange(std::move(address));
  auto next = std::min({rules->due(), report_at, surveys.next()});
  if (current) next = std::min(next, current->deadline);
  timer.at(self, next);
}

oracle_port::behavior_type gossip(oracle_port::stateful_pointer<gossip_actor_state> self, gossip_config config,
                                  router_port router, std::shared_ptr<datagram_transport> datagrams,
                                  std::shared_ptr<peer_transport> transport) {
  auto& st = self->state;
  st.config = std::move(config);
  st.router = std::move(router);
  st.gate = datagram_gate{st.config.form, std::move(datagrams), st.config.metrics};
  st.transport = std::move(transport);
  std::mt19937_64 random{st.config.seed};
  st.rules.emplace(swim_config{own_member(st.config), st.config.seeds, random(), st.config.metrics}, st.now());
  survey_asker asker{st.config.node, st.config.role, st.config.datacenter, st.config.stale_after};
  st.surveys = open_surveys{std::move(asker), random(), st.config.metrics};
  st.neighbourhood.emplace(st.config.datacenter);
  st.report_at = st.neighbourhood_at = st.now();
  self->set_exit_handler([self](caf::exit_msg& m) {
    self->state.on_exit();
    self->quit(std::move(m.reason));
  });
  st.flush();
  return {
      [&st](find_upstreams& m) { st.on_find(m); },
      [&st](const datagram& m) { st.on_datagram(m); },
      [&st](link_id link, const gossip_state& m) { st.on_state(link, m); },
      [&st](link_id link, const nearest_request& m) { st.on_nearest(link, m); },
      [](link_id, const nearest_reply&) {}, // a leaf's
      [&st](link_id, const register_replica& m) { st.on_register(m); },
      [&st](const link_opened& m) { st.on_opened(m); },
      [&st](const link_closed& m) { st.on_closed(m); },
      [&st](tick) { st.on_tick(); },
  };
}

} // namespace argentum::actors
