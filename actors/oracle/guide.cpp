// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/guide.hpp"

#include "messages/oracle_limits.hpp"

#include <algorithm>
#include <random>
#include <utility>

namespace argentum::actors {

void guide_state::on_opened(const link_opened& m) {
  guides.opened(m.address, m.link, m.peer.datacenter, now());
  take_turns();
}

void guide_state::on_closed(const link_closed& m) {
  guides.closed(m.address, now()); // others are dialled when the links are looked at next, not all at once
}

void guide_state::on_reply(link_id link, const nearest_reply& m) {
  auto datacenter = guides.answered(link);
  if (!datacenter) return;
  config.metrics->nearest_replies.add();
  auto instances = proxies.instances();
  book.learn(m, *datacenter, {instances.begin(), instances.end()}, now());
  tell_proxies();
  save_changes();
}

void guide_state::on_served(const set_served& m) {
  served = m.instances;
  for (auto link : guides.registrars()) say_served(link);
  look();
}

void guide_state::on_add(const add_proxy& m) {
  proxies.add(m);
  tell_proxies();
  guides.ask_again(now());
  look();
}

void guide_state::on_tick() {
  auto t = now();
  timer.fired(t);
  if (t >= look_at) look();
  take_turns();
  save_changes();
  advance_surveys();
  arm();
}

void guide_state::on_exit() {
  served.clear();
  for (auto link : guides.registrars()) say_served(link);
  save_at = now();
  save_changes();
}

/// Which links we want, as things are now.
void guide_state::look() {
  auto t = now();
  look_at = t + limits::guide_look_interval;
  auto duties = choose_guides(book.places(), config.datacenter, config.seeds, {!served.empty(), !proxies.empty()},
                              [&](const std::string& address) { return guides.reach(address, t); });
  auto [dial, release] = guides.want(duties, t);
  for (const auto& address : dial) self->send(router, want_link{address, self});
  for (const auto& address : release) self->send(router, release_link{address, self->address()});
  take_turns();
  config.report->store(std::make_shared<const oracle_knowledge>(report()));
  arm();
}

void guide_state::take_turns() {
  nearest_request question{config.node, config.datacenter, proxies.instances()};
  for (auto link : guides.to_ask(now())) send(link, question);
  for (auto link : guides.to_register(now())) say_served(link);
  config.metrics->guides.set(static_cast<std::int64_t>(guides.linked()));
}

void guide_state::say_served(link_id link) {
  send(link, register_replica{{config.node, config.address}, served, limits::replica_ttl});
}

void guide_state::tell_proxies() {
  for (auto& each : proxies.changes([this](const std::string& instance) { return book.replicas_of(instance); }))
    self->send(each.proxy, std::move(each.replicas));
}

void guide_state::save_changes() {
  if (!config.save || now() < save_at) return;
  auto text = book.text();
  if (text.empty() || text == saved) return;
  saved = text;
  save_at = now() + limits::contacts_save_interval;
  config.save(std::move(text));
}

void guide_state::arm() {
  timer.at(self, std::min(look_at, surveys.next()));
}

void guide_state::send(link_id link, peer_body body) {
  transport->send(link, {{}, std::move(body)});
}

guide_port::behavior_type guide(guide_port::stateful_pointer<guide_state> self, guide_config config,
                                router_port router, std::shared_ptr<datagram_transport> datagrams,
                                std::shared_ptr<peer_transport> transport) {
  auto& st = self->state;
  st.config = std::move(config);
  st.router = std::move(router);
  st.gate = datagram_gate{st.config.form, std::move(datagrams), st.config.metrics};
  st.transport = std::move(transport);
  std::mt19937_64 random{st.config.seed};
  st.guides = guide_table{random()};
  survey_asker asker{st.config.node, node_role::leaf, st.config.datacenter, st.config.stale_after};
  st.surveys = open_surveys{std::move(asker), random(), st.config.metrics};
  st.book = address_book{st.config.node, st.config.datacenter};
  st.book.restore(st.config.kept, st.now());
  st.saved = st.book.text();
  st.save_at = st.now();
  self->set_exit_handler([self](caf::exit_msg& m) {
    self->state.on_exit();
    self->quit(std::move(m.reason));
  });
  st.look();
  return {
      [&st](find_upstreams& m) { st.on_find(m); },
      [&st](const datagram& m) { st.on_datagram(m); },
      [](link_id, const gossip_state&) {},    // members'
      [](link_id, const nearest_request&) {}, // intermediates'
      [&st](link_id link, const nearest_reply& m) { st.on_reply(link, m); },
      [](link_id, const register_replica&) {}, // intermediates'
      [&st](const link_opened& m) { st.on_opened(m); },
      [&st](const link_closed& m) { st.on_closed(m); },
      [&st](tick) { st.on_tick(); },
      [&st](const add_proxy& m) { st.on_add(m); },
      [&st](const remove_proxy& m) { st.proxies.remove(m.instance); },
      [&st](const set_served& m) { st.on_served(m); },
  };
}

} // namespace argentum::actors
