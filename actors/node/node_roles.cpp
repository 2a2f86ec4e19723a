// SPDX-License-Identifier: Apache-2.0
// An instance's other role, while the node serves: its actors are made at once and the sink asks for a full copy.
// When the store has switched to that and nobody reads the old data any more, the actors of the old role leave.
#include "actors/lookup/lookup_server.hpp"
#include "actors/lookup/proxy_lookup.hpp"
#include "actors/node/node_parts.hpp"
#include "actors/replication/replication_source.hpp"
#include "actors/space/evictor.hpp"
#include "actors/space/version_collector.hpp"

#include <caf/send.hpp>
#include <spdlog/spdlog.h>

namespace argentum::actors {

namespace {

bool has_ended(const caf::strong_actor_ptr& actor) {
  return actor->get()->getf(caf::abstract_actor::is_terminated_flag);
}

} // namespace

void node::parts::spawn_replica(std::size_t number) {
  auto& mine = actors[number];
  const auto& handle = handles[number];
  source_config source{handle.name, config.name, config.role, nullptr, handle.metrics, config.downstreams_max,
                       random()};
  if (config.role == node_role::root) source.wall_now = env.wall_now;
  mine.source = watched(system.spawn(replication_source, source, mine.store, env.transport), "source", handle.name);
  mine.lookup_server = watched(
      spawn_blocking(lookup_server, lookup_server_config{handle.name, handle.metrics}, handle.view, env.transport),
      "lookup server", handle.name);
  caf::anon_send(router, add_link_server{mine.source});
  caf::anon_send(router, add_link_server{mine.lookup_server});
  version_collector_config collecting{handle.name, config.instances[number].history_span, handle.metrics};
  mine.collector =
      watched(system.spawn(version_collector, collecting, mine.store), "version collector", handle.name);
  mine.as_replica = true;
}

void node::parts::spawn_proxy(std::size_t number) {
  auto& mine = actors[number];
  const auto& handle = handles[number];
  // Upstreams are replicas too: a proxy that becomes one needs no others.
  const auto& replicas = config.replicas.empty() ? config.upstreams : config.replicas;
  proxy_lookup_config looking{handle.name, replicas,       config.datacenter, config.lookup_deadline,
                              random(),    handle.metrics, handle.pool,       static_cast<bool>(finder)};
  mine.proxy_lookup = watched(system.spawn(proxy_lookup, looking, mine.store, handle.view, router, env.transport),
                              "proxy lookup", handle.name);
  if (finder) caf::anon_send(finder, add_proxy{handle.name, mine.proxy_lookup});
  const auto& space = config.instances[number].space;
  auto limits = config.volume;
  limits.soft.insert(limits.soft.end(), space.soft.begin(), space.soft.end());
  limits.hard.insert(limits.hard.end(), space.hard.begin(), space.hard.end());
  mine.evictor = watched(
      system.spawn(evictor, evictor_config{handle.name, limits, handle.metrics}, mine.store, mine.proxy_lookup),
      "evictor", handle.name);
  mine.as_proxy = true;
}

caf::error node::parts::change_role(std::size_t number, instance_role role) {
  std::lock_guard lock{changes};
  if (actors.empty()) return make_error(errc::unavailable, "the node is stopping");
  auto changed = config;
  for (std::size_t n = 0; n < actors.size(); ++n) changed.instances[n].role = n == number ? role : actors[n].wanted;
  if (auto problem = problem_of(changed)) return make_error(errc::invalid, problem->text);
  auto& mine = actors[number];
  if (std::exchange(mine.wanted, role) == role) return {};
  spdlog::info("argentum.node {}: becomes a {}", handles[number].name, to_string(role));
  if (role == instance_role::replica && !mine.as_replica) spawn_replica(number);
  if (role == instance_role::proxy && !mine.as_proxy) spawn_proxy(number);
  if (mine.as_proxy) caf::anon_send(mine.proxy_lookup, keep_source{role == instance_role::replica});
  publish(number);
  say_served();
  await_role(number);
  caf::anon_send(mine.sink, follow_as{role, role == instance_role::replica ? mine.source : source_port{}});
  return {};
}

void node::parts::await_role(std::size_t number) {
  auto& mine = actors[number];
  auto reached = [weak = weak_from_this(), number](const caf::expected<instance_role>& role) {
    if (auto self = weak.lock(); self && role) self->role_reached(number, *role);
  };
  caf::anon_send(mine.store, take_role{mine.wanted, reply_to<instance_role>{std::move(reached)}});
}

void node::parts::role_reached(std::size_t number, instance_role role) {
  std::lock_guard lock{changes};
  if (actors.empty() || actors[number].wanted != role) return;
  auto& mine = actors[number];
  spdlog::info("argentum.node {}: is a {} now", handles[number].name, to_string(role));
  if (role == instance_role::proxy && mine.as_replica) leave_replica(mine);
  if (role == instance_role::replica && mine.as_proxy) leave_proxy(mine, handles[number].name);
  publish(number);
  say_served();
}

void node::parts::publish(std::size_t number) {
  const auto& mine = actors[number];
  role_handles now{mine.wanted, mine.proxy_lookup, mine.source};
  mine.roles->store(std::make_shared<const role_handles>(std::move(now)));
  inbox->route(handles[number].name, {mine.source, mine.sink, mine.lookup_server, mine.proxy_lookup});
}

void node::parts::leave_replica(instance_actors& mine) {
  mine.as_replica = false;
  caf::anon_send(mine.store, remove_applied_listener{mine.source});
  retire(mine, mine.collector);
  retire(mine, mine.source);
  retire(mine, mine.lookup_server);
}

void node::parts::leave_proxy(instance_actors& mine, const std::string& name) {
  mine.as_proxy = false;
  caf::anon_send(mine.store, remove_applied_listener{mine.proxy_lookup});
  if (finder) caf::anon_send(finder, remove_proxy{name});
  retire(mine, mine.evictor);
  retire(mine, mine.proxy_lookup);
}

/// It ends when all that it was asked before has been answered.
template <class Handle>
void node::parts::retire(instance_actors& mine, Handle& actor) {
  caf::anon_send(router, forget_actor{actor.address()});
  std::erase_if(mine.leaving, has_ended);
  mine.leaving.push_back(caf::actor_cast<caf::strong_actor_ptr>(actor));
  caf::delayed_anon_send(caf::actor_cast<caf::actor>(actor), limits::role_leave,
                         caf::exit_msg{actor.address(), caf::exit_reason::user_shutdown});
  actor = Handle{};
}

} // namespace argentum::actors
