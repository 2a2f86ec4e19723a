// SPDX-License-Identifier: Apache-2.0
#include "actors/node/node.hpp"

#include "actors/lookup/lookup_server.hpp"
#include "actors/lookup/proxy_lookup.hpp"
#include "actors/peer/node_inbox.hpp"
#include "actors/peer/peer_router.hpp"
#include "actors/replication/replication_sink.hpp"
#include "actors/replication/replication_source.hpp"
#include "actors/write/disk_syncer.hpp"
#include "actors/write/sequencer.hpp"
#include "actors/write/storage_actor.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <map>
#include <random>
#include <utility>

namespace argentum::actors {

namespace {

/// An instance whose store is open and whose actors are not there yet.
struct opened_instance {
  instance_config config;
  std::unique_ptr<storage::store_home> home;
  std::unique_ptr<storage::store> store;
};

/// All actors of one instance; those that its roles do not have are invalid.
struct instance_actors {
  store_port store;
  sequencer_port sequencer;
  source_port source;
  sink_port sink;
  lookup_server_port lookup_server;
  proxy_lookup_port proxy_lookup;
  bool lacks_values = false; ///< the data in use, or what follows it
};

/// Whether the end of an actor is a surprise, and whom to tell.
struct failure_watch {
  std::atomic<bool> quiet{false};
  std::function<void(std::string)> tell;
};

caf::expected<opened_instance> open_instance(const instance_config& config, const node_env& env) {
  auto home = env.open_home(config);
  if (!home) return home.error();
  auto store = (*home)->open_current();
  if (!store) return store.error();
  return opened_instance{config, std::move(*home), std::move(*store)};
}

/// The role that the data in use was made for; that of the config comes with the next full copy.
instance_role role_of(const opened_instance& opened) {
  return opened.store->report().role;
}

caf::error role_problem(const opened_instance& opened, node_role role) {
  if (role_of(opened) == opened.config.role) return {};
  if (role == node_role::root)
    return make_error(errc::wrong_role, "this is a proxy's data, and nobody can give a root the values it lacks; "
                                        "copy the data directory of a replica here");
  spdlog::warn("argentum.node {}: a {}'s data serves until a full copy makes this a {}", opened.config.name,
               to_string(role_of(opened)), to_string(opened.config.role));
  return {};
}

caf::error in_instance(const std::string& name, const caf::error& error) {
  return make_error(code_of(error), fmt::format("instance {}: {}", name, text_of(error)));
}

/// Runs `then` when all of the actors have ended, in the thread of the last one.
void when_all_ended(const std::vector<caf::strong_actor_ptr>& actors, std::function<void()> then) {
  std::shared_ptr<void> last{nullptr, [then = std::move(then)](void*) { then(); }};
  for (auto& each : actors) each->get()->attach_functor([last]() mutable { last.reset(); });
}

/// Asks politely; what has no handler for it ends.
void end(const caf::strong_actor_ptr& actor) {
  caf::anon_send_exit(caf::actor_cast<caf::actor>(actor), caf::exit_reason::user_shutdown);
}

} // namespace

struct node::parts {
  parts(caf::actor_system& sys, node_config c, node_env e)
      : system(sys), config(std::move(c)), env(std::move(e)), random(env.seed) {
    process = random();
    watch->tell = env.on_failure;
  }

  void compose(std::vector<opened_instance> opened);
  void spawn_serving(opened_instance& from);
  void spawn_following(const instance_config& instance, instance_actors& actors);
  template <class Handle>
  Handle watched(Handle actor, const char* what, const std::string& instance);
  template <class F, class... Ts>
  auto spawn_blocking(F f, Ts&&... args);
  void stop();

  caf::actor_system& system;
  node_config config;
  node_env env;
  std::mt19937_64 random;
  std::uint64_t process = 0;
  std::shared_ptr<node_metrics> metrics = std::make_shared<node_metrics>();
  std::shared_ptr<node_inbox> inbox = std::make_shared<node_inbox>(env.transport);
  std::shared_ptr<failure_watch> watch = std::make_shared<failure_watch>();
  router_port router;
  syncer_port syncer;
  std::vector<instance_actors> actors; ///< in config order, as `handles`
  std::vector<instance_handle> handles;
};

template <class F, class... Ts>
auto node::parts::spawn_blocking(F f, Ts&&... args) {
  if (env.detach_blocking) return system.spawn<caf::detached>(f, std::forward<Ts>(args)...);
  return system.spawn(f, std::forward<Ts>(args)...);
}

template <class Handle>
Handle node::parts::watched(Handle actor, const char* what, const std::string& instance) {
  auto text = instance.empty() ? std::string{what} : fmt::format("{} of instance {}", what, instance);
  caf::actor_cast<caf::abstract_actor*>(actor)->attach_functor([text, watch = watch](const caf::error& reason) {
    if (!watch->quiet.exchange(true) && watch->tell)
      watch->tell(fmt::format("the {} has ended: {}", text, describe(reason)));
  });
  return actor;
}

/// What serves others from the store: it waits for messages and dials nobody.
void node::parts::spawn_serving(opened_instance& from) {
  auto& instance = from.config;
  auto& mine = actors.emplace_back();
  mine.lacks_values = instance.role == instance_role::proxy || role_of(from) == instance_role::proxy;
  auto of = std::make_shared<instance_metrics>();
  auto view = std::make_shared<storage::view_slot>(from.store->view());
  mine.store = watched(spawn_blocking(storage_actor, storage_config{instance.name, instance.log, of},
                                      std::move(from.home), std::move(from.store), view, syncer),
                       "storage", instance.name);
  if (instance.role == instance_role::replica) {
    source_config source{instance.name, config.name, config.role, nullptr, of};
    if (config.role == node_role::root) source.wall_now = env.wall_now;
    mine.source =
        watched(system.spawn(replication_source, source, mine.store, env.transport), "source", instance.name);
    mine.lookup_server =
        watched(spawn_blocking(lookup_server, lookup_server_config{instance.name, of}, view, env.transport),
                "lookup server", instance.name);
  }
  if (config.role == node_role::root) {
    sequencer_config sequencing{instance.name, instance.commit == durability::fsync, config.key_bytes_max,
                                config.value_bytes_max, of};
    mine.sequencer =
        watched(spawn_blocking(sequencer, sequencing, mine.store, view, env.wall_now), "sequencer", instance.name);
  }
  handles.push_back({instance.name, instance.role, view, of, mine.store, mine.sequencer, {}, mine.source});
}

/// What dials others.
void node::parts::spawn_following(const instance_config& instance, instance_actors& mine) {
  auto& handle = handles[static_cast<std::size_t>(&mine - actors.data())];
  if (config.role != node_role::root) {
    sink_config following{
        instance.name, config.name,           instance.role, config.upstreams, config.upstream_stale_after,
        random(),      instance.history_span, handle.metrics};
    mine.sink = watched(system.spawn(replication_sink, following, mine.store, router, env.transport, mine.source),
                        "sink", instance.name);
  }
  if (mine.lacks_values) {
    // Upstreams are replicas too: a proxy that becomes one needs no others.
    const auto& replicas = config.replicas.empty() ? config.upstreams : config.replicas;
    proxy_lookup_config looking{instance.name,          replicas, config.datacenter,
                                config.lookup_deadline, random(), handle.metrics};
    mine.proxy_lookup = watched(system.spawn(proxy_lookup, looking, mine.store, handle.view, router, env.transport),
                                "proxy lookup", instance.name);
    handle.fetch = mine.proxy_lookup;
  }
}

void node::parts::compose(std::vector<opened_instance> opened) {
  actors.reserve(opened.size());
  std::vector<link_server_port> servers;
  syncer = watched(spawn_blocking(disk_syncer), "syncer", "");
  for (auto& each : opened) {
    spawn_serving(each);
    if (auto& source = actors.back().source) servers.emplace_back(source);
    if (auto& server = actors.back().lookup_server) servers.emplace_back(server);
  }
  router = watched(system.spawn(peer_router,
                                router_config{config.name, process, config.role, config.datacenter, random(),
                                              metrics, inbox->gate()},
                                env.transport, std::move(servers)),
                   "router", "");
  std::map<std::string, instance_routes> routes;
  for (std::size_t n = 0; n < actors.size(); ++n) {
    auto& mine = actors[n];
    spawn_following(config.instances[n], mine);
    routes[config.instances[n].name] = {mine.source, mine.sink, mine.lookup_server, mine.proxy_lookup};
  }
  inbox->attach(router, std::move(routes));
}

void node::parts::stop() {
  if (actors.empty()) return;
  watch->quiet = true;
  inbox->detach();
  std::vector<caf::strong_actor_ptr> upper;
  std::vector<caf::strong_actor_ptr> stores;
  auto add = [](auto& to, auto& handle) {
    if (handle) to.push_back(caf::actor_cast<caf::strong_actor_ptr>(handle));
  };
  for (auto& each : actors) add(upper, each.sink);
  for (auto& each : actors) add(upper, each.source);
  for (auto& each : actors) {
    add(upper, each.lookup_server);
    add(upper, each.proxy_lookup);
  }
  add(upper, router);
  for (auto& each : actors) {
    add(upper, each.sequencer);
    add(stores, each.store);
  }
  add(stores, syncer);
  when_all_ended(upper, [stores = std::move(stores)] {
    for (auto& each : stores) end(each);
  });
  for (auto& each : upper) end(each);
  router = router_port{};
  syncer = syncer_port{};
  actors.clear();
  handles.clear();
}

node::node(std::unique_ptr<parts> made) : parts_(std::move(made)) {}
node::~node() = default;

caf::expected<std::unique_ptr<node>> node::start(caf::actor_system& system, node_config config, node_env env) {
  if (auto problem = problem_of(config))
    return make_error(errc::invalid, fmt::format("{}: {}", problem->key, problem->text));
  std::vector<opened_instance> opened;
  for (auto& instance : config.instances) {
    auto each = open_instance(instance, env);
    if (!each) return in_instance(instance.name, each.error());
    if (auto problem = role_problem(*each, config.role)) return in_instance(instance.name, problem);
    opened.push_back(std::move(*each));
  }
  auto made = std::make_unique<parts>(system, std::move(config), std::move(env));
  for (auto& each : opened) {
    if (made->config.role != node_role::root || each.store->report().id.known()) continue;
    auto adopted = each.store->adopt(instance_id{made->random(), made->random()});
    if (!adopted) return in_instance(each.config.name, adopted.error());
  }
  made->compose(std::move(opened));
  return std::unique_ptr<node>{new node{std::move(made)}};
}

const node_config& node::config() const noexcept {
  return parts_->config;
}
const std::vector<instance_handle>& node::instances() const noexcept {
  return parts_->handles;
}
std::shared_ptr<node_metrics> node::metrics() const noexcept {
  return parts_->metrics;
}
std::shared_ptr<peer_inbox> node::inbox() const noexcept {
  return parts_->inbox;
}
std::uint64_t node::process() const noexcept {
  return parts_->process;
}
void node::stop() {
  parts_->stop();
}

} // namespace argentum::actors
