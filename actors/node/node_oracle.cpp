// SPDX-License-Identifier: Apache-2.0
// How a node finds others: its oracle, and who names replicas to its proxies.
#include "actors/node/node_parts.hpp"
#include "actors/oracle/gossip.hpp"
#include "actors/oracle/guide.hpp"
#include "actors/oracle/srv_finder.hpp"

#include <caf/send.hpp>

namespace argentum::actors {

namespace {

metrics_of_instances metrics_of(const std::vector<instance_handle>& handles) {
  metrics_of_instances out;
  for (const auto& each : handles) out.emplace(each.name, each.metrics);
  return out;
}

} // namespace

void node::parts::spawn_oracle() {
  if (!config.oracle) return;
  if (config.role == node_role::leaf) return spawn_guide();
  gossip_config with;
  with.node = config.name;
  with.address = config.oracle->address;
  with.role = config.role;
  with.datacenter = config.datacenter;
  with.process = static_cast<std::uint64_t>(env.wall_now().time_since_epoch().count());
  with.seeds = config.oracle->seeds;
  with.form = env.form;
  with.stale_after = config.upstream_stale_after;
  with.seed = random();
  with.metrics = metrics;
  with.instances = metrics_of(handles);
  with.report = known;
  oracle = watched(system.spawn(gossip, std::move(with), router, env.datagrams, env.transport), "gossip", "");
  inbox->consult(oracle);
}

void node::parts::spawn_guide() {
  guide_config with;
  with.node = config.name;
  with.address = config.oracle->address;
  with.datacenter = config.datacenter;
  with.seeds = config.oracle->seeds;
  with.form = env.form;
  with.stale_after = config.upstream_stale_after;
  with.kept = env.contacts;
  with.save = env.save_contacts;
  with.seed = random();
  with.metrics = metrics;
  with.instances = metrics_of(handles);
  with.report = known;
  guide = watched(system.spawn(argentum::actors::guide, std::move(with), router, env.datagrams, env.transport),
                  "guide", "");
  oracle = guide;
  inbox->consult(oracle);
}

/// Replicas that are listed need not be found.
void node::parts::spawn_finder() {
  if (!config.replicas.empty()) return;
  finder = guide;
  if (config.services.empty()) return;
  srv_finder_config with;
  with.node = config.name;
  for (std::size_t n = 0; n < config.services.size(); ++n)
    with.places.push_back({config.services[n].datacenter, config.services[n].pattern, env.resolvers[n]});
  with.seed = random();
  with.metrics = metrics;
  finder = watched(system.spawn(srv_finder, std::move(with)), "srv finder", "");
}

void node::parts::say_served() {
  if (!guide) return;
  set_served served;
  for (std::size_t n = 0; n < actors.size(); ++n)
    if (actors[n].as_replica && actors[n].wanted == instance_role::replica)
      served.instances.push_back(handles[n].name);
  caf::anon_send(guide, std::move(served));
}

} // namespace argentum::actors
