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
  config.metrics->datagrams_received.add();
  config.metrics->datagram_bytes_received.add(m.bytes.size());
  auto opened = config.form.open(m.bytes);
  if (const auto* message = std::get_if<gossip_message>(&opened))
    on_message(m.address, *message);
  else
    count(std::get<seal_fault>(opened));
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
  auto asked = [&](upstream_survey& each) { return each.heard(m, now()); };
  bool ours = std::any_of(surveys.begin(), surveys.end(), asked);
  if (ours && m.status && rules->members().find(m.node) != nullptr) board.heard(m.node, *m.status, now());
}

void gossip_actor_state::count(seal_fault fault) {
  if (fault == seal_fault::malformed)
    config.metrics->datagrams_malformed.add();
  else
    config.metrics->datagrams_unauthentic.add();
}

void gossip_actor_state::on_find(find_upstreams& m) {
  if (surveys.size() >= limits::surveys_max) {
    config.metrics->surveys_refused.add();
    return m.reply.deliver(make_error(errc::overloaded, "too many look for an upstream"));
  }
  survey_asker asker{config.node, config.role, config.datacenter, config.stale_after};
  auto contacts = contacts_for(m.instance);
  surveys.emplace_back(asker, std::move(m), contacts, now(), random());
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
  for (const auto& each : rules->take_datagrams()) send(each.address, each.message);
}

void gossip_actor_state::send(const std::string& address, const gossip_message& message) {
  auto bytes = config.form.seal(message);
  config.metrics->datagrams_sent.add();
  config.metrics->datagram_bytes_sent.add(bytes.size());
  datagrams->send(address, std::move(bytes));
}

void gossip_actor_state::send_body(const std::string& address, gossip_body body) {
  send(address, {config.node, rules->members().own().process, std::move(body), {}});
}

void gossip_actor_state::advance_surveys() {
  auto t = now();
  for (auto& each : surveys) {
    for (auto& query : each.due(t)) send_body(query.address, std::move(query.what));
    if (each.over(t)) each.finish();
  }
  std::erase_if(surveys, [t](const upstream_survey& each) { return each.over(t); });
}

void gossip_actor_state::flush() {
  advance_surveys();
  for (const auto& each : rules->take_datagrams()) send(each.address, each.message);
  for (auto& address : rules->take_exchanges()) want_exchange(std::move(address));
  auto next = std::min(rules->due(), report_at);
  if (current) next = std::min(next, current->deadline);
  for (const auto& each : surveys) next = std::min(next, each.next());
  timer.at(self, next);
}

oracle_port::behavior_type gossip(oracle_port::stateful_pointer<gossip_actor_state> self, gossip_config config,
                                  router_port router, std::shared_ptr<datagram_transport> datagrams,
                                  std::shared_ptr<peer_transport> transport) {
  auto& st = self->state;
  st.config = std::move(config);
  st.router = std::move(router);
  st.datagrams = std::move(datagrams);
  st.transport = std::move(transport);
  st.random.seed(st.config.seed);
  st.rules.emplace(swim_config{own_member(st.config), st.config.seeds, st.random(), st.config.metrics}, st.now());
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
