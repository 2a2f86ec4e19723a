// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/srv_finder.hpp"

#include "actors/oracle/replica_ranks.hpp"
#include "messages/names.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <map>
#include <utility>

namespace argentum::actors {

namespace {

void replace_all(std::string& text, std::string_view what, const std::string& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

} // namespace

std::string srv_name(const srv_place& place, const std::string& instance) {
  auto name = place.pattern;
  replace_all(name, "{instance}", instance);
  replace_all(name, "{datacenter}", place.datacenter);
  return name;
}

void srv_finder_state::on_add(const add_proxy& m) {
  proxies.add(m);
  choose_names();
  tell_proxies();
}

void srv_finder_state::on_remove(const remove_proxy& m) {
  proxies.remove(m.instance);
  choose_names();
}

void srv_finder_state::on_heard(const srv_heard& m) {
  const auto& problem = m.answer.problem;
  if (!problem.empty()) config.metrics->dns_failures.add();
  if (cache.heard(m, now())) {
    if (problem.empty())
      spdlog::info("argentum.srv_finder: {} is answered again", m.answer.name);
    else
      spdlog::warn("argentum.srv_finder: {}: {}; what is known goes on", m.answer.name, printable(problem));
  }
  tell_proxies();
  ask();
}

void srv_finder_state::on_tick() {
  timer.fired(now());
  ask();
}

void srv_finder_state::choose_names() {
  std::vector<srv_cache::question> all;
  for (const auto& instance : proxies.instances())
    for (std::size_t i = 0; i < config.places.size(); ++i) all.push_back({i, srv_name(config.places[i], instance)});
  cache.want(all);
  ask();
}

void srv_finder_state::ask() {
  for (auto& what : cache.due(now())) {
    config.metrics->dns_queries.add();
    auto then = [me = caf::actor_cast<srv_finder_actor>(self), place = what.place](srv_answer answer) {
      caf::anon_send(me, srv_heard{place, std::move(answer)});
    };
    config.places[what.place].resolve(std::move(what.name), std::move(then));
  }
  if (auto next = cache.next_due(); next != time_point::max()) timer.at(self, next);
}

void srv_finder_state::tell_proxies() {
  for (auto& each : proxies.changes([this](const std::string& instance) { return replicas_of(instance); }))
    self->send(each.proxy, std::move(each.replicas));
}

set_replicas srv_finder_state::replicas_of(const std::string& instance) const {
  std::vector<std::vector<contact>> ranks;
  for (std::size_t i = 0; i < config.places.size(); ++i) {
    std::map<std::uint16_t, std::vector<contact>> by_priority;
    for (const auto& each : cache.known({i, srv_name(config.places[i], instance)}))
      by_priority[each.priority].push_back({{}, each.address});
    if (by_priority.empty()) ranks.emplace_back(); // it has its rank all the same
    for (auto& [priority, contacts] : by_priority) ranks.push_back(std::move(contacts));
  }
  return choose_replicas(std::move(ranks), config.node);
}

srv_finder_actor::behavior_type srv_finder(srv_finder_actor::stateful_pointer<srv_finder_state> self,
                                           srv_finder_config config) {
  auto& st = self->state;
  st.config = std::move(config);
  st.cache = srv_cache{st.config.seed};
  return {
      [&st](const add_proxy& m) { st.on_add(m); },
      [&st](const remove_proxy& m) { st.on_remove(m); },
      [&st](const srv_heard& m) { st.on_heard(m); },
      [&st](tick) { st.on_tick(); },
  };
}

} // namespace argentum::actors
