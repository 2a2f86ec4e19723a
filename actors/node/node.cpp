// SPDX-License-Identifier: Apache-2.0
#include "actors/node/node.hpp"

#include "actors/node/node_parts.hpp"
#include "actors/peer/peer_router.hpp"
#include "actors/replication/replication_sink.hpp"
#include "actors/working_set/working_set.hpp"
#include "actors/write/compactor.hpp"
#include "actors/write/disk_syncer.hpp"
#include "actors/write/sequencer.hpp"
#include "actors/write/storage_actor.hpp"

#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <map>

namespace argentum::actors {

namespace {

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

node::parts::parts(caf::actor_system& sys, node_config c, node_env e)
    : system(sys), config(std::move(c)), env(std::move(e)), random(env.seed) {
  process = random();
  watch->tell = env.on_failure;
}

/// What needs nobody else but the store.
void node::parts::spawn_store(opened_instance& from) {
  auto& instance = from.config;
  auto& mine = actors.emplace_back();
  auto data = role_of(from);
  mine.wanted = instance.role;
  mine.as_replica = instance.role == instance_role::replica || data == instance_role::replica;
  mine.as_proxy = instance.role == instance_role::proxy || data == instance_role::proxy;
  mine.roles = std::make_shared<role_slot>();
  auto of = std::make_shared<instance_metrics>();
  auto view = std::make_shared<storage::view_slot>(from.store->view());
  mine.store = watched(spawn_blocking(storage_actor, storage_config{instance.name, instance.log, of},
                                      std::move(from.home), std::move(from.store), view, syncer, rewriter),
                       "storage", instance.name);
  if (config.role == node_role::root) {
    sequencer_config sequencing{instance.name, instance.commit == durability::fsync, config.key_bytes_max,
                                config.value_bytes_max, of};
    mine.sequencer =
        watched(spawn_blocking(sequencer, sequencing, mine.store, view, env.wall_now), "sequencer", instance.name);
  }
  handles.push_back(
      {instance.name, mine.roles, view, of, mine.store, mine.sequencer, {}, std::make_shared<pool_slot>()});
}

void node::parts::spawn_others(std::size_t number) {
  const auto& instance = config.instances[number];
  auto& mine = actors[number];
  if (mine.as_replica) spawn_replica(number);
  if (mine.as_proxy) spawn_proxy(number);
  if (config.role != node_role::root) {
    sink_config following;
    following.instance = instance.name;
    following.node = config.name;
    following.role = instance.role;
    following.upstreams = config.upstreams;
    following.stale_after = config.upstream_stale_after;
    following.seed = random();
    following.history_span = instance.history_span;
    following.metrics = handles[number].metrics;
    following.place = config.role;
    following.oracle = oracle;
    if (config.oracle && config.role == node_role::intermediate) following.address = config.oracle->address;
    auto source = instance.role == instance_role::replica ? mine.source : source_port{};
    mine.sink = watched(system.spawn(replication_sink, following, mine.store, router, env.transport, source),
                        "sink", instance.name);
  }
}

/// One for all instances: what it does costs little.
void node::parts::spawn_sampling() {
  const auto& how = config.sampling;
  if (how.one_key_in == 0) return;
  working_set_config sampling{how.one_key_in,
                              std::chrono::duration_cast<std::chrono::seconds>(how.span),
                              {},
                              accesses.on_their_way,
                              env.wall_now,
                              env.export_samples,
                              metrics};
  for (auto& each : handles) {
    sampling.reports.push_back(std::make_shared<working_set_slot>());
    each.working_set = sampling.reports.back();
  }
  accesses.to = watched(system.spawn(working_set, std::move(sampling)), "working set", "");
  accesses.hash_limit = hash_limit(how.one_key_in);
  accesses.clear_keys = how.clear_keys;
}

void node::parts::compose(std::vector<opened_instance> opened) {
  syncer = watched(spawn_blocking(disk_syncer), "syncer", "");
  rewriter = watched(spawn_blocking(compactor), "compactor", "");
  for (auto& each : opened) spawn_store(each);
  router = watched(system.spawn(peer_router,
                                router_config{config.name, process, config.role, config.datacenter, random(),
                                              metrics, inbox->gate()},
                                env.transport),
                   "router", "");
  inbox->attach(router);
  spawn_oracle();
  spawn_finder();
  for (std::size_t n = 0; n < actors.size(); ++n) {
    spawn_others(n);
    publish(n);
    auto& mine = actors[n];
    if (!mine.as_replica || !mine.as_proxy) continue;
    await_role(n);
    caf::anon_send(mine.proxy_lookup, keep_source{mine.wanted == instance_role::replica});
  }
  say_served();
  spawn_sampling();
}

void node::parts::stop() {
  std::lock_guard lock{changes};
  if (actors.empty()) return;
  watch->quiet = true;
  inbox->detach();
  std::vector<caf::strong_actor_ptr> upper;
  std::vector<caf::strong_actor_ptr> stores;
  auto add = [](auto& to, auto& handle) {
    if (handle) to.push_back(caf::actor_cast<caf::strong_actor_ptr>(handle));
  };
  for (auto& each : actors) {
    add(upper, each.collector);
    add(upper, each.evictor);
  }
  for (auto& each : actors) add(upper, each.sink);
  for (auto& each : actors) add(upper, each.source);
  for (auto& each : actors) {
    add(upper, each.lookup_server);
    add(upper, each.proxy_lookup);
    for (auto& leaving : each.leaving) add(upper, leaving);
  }
  add(upper, oracle);
  add(upper, finder);
  add(upper, router);
  add(upper, accesses.to);
  for (auto& each : actors) {
    add(upper, each.sequencer);
    add(stores, each.store);
  }
  add(stores, syncer);
  add(stores, rewriter);
  when_all_ended(upper, [stores = std::move(stores)] {
    for (auto& each : stores) end(each);
  });
  for (auto& each : upper) end(each);
  router = router_port{};
  oracle = oracle_port{};
  guide = guide_port{};
  finder = finder_port{};
  accesses = {};
  syncer = syncer_port{};
  rewriter = compactor_port{};
  actors.clear();
  handles.clear();
}

node::node(std::shared_ptr<parts> made) : parts_(std::move(made)) {}
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
  auto made = std::make_shared<parts>(system, std::move(config), std::move(env));
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
const access_feed& node::accesses() const noexcept {
  return parts_->accesses;
}
std::shared_ptr<node_metrics> node::metrics() const noexcept {
  return parts_->metrics;
}
datagram_inbox node::datagrams() const {
  if (!parts_->oracle) return {};
  return [to = parts_->oracle](datagram what) { caf::anon_send(to, std::move(what)); };
}
std::shared_ptr<const oracle_slot> node::oracle() const noexcept {
  return parts_->known;
}
std::shared_ptr<peer_inbox> node::inbox() const noexcept {
  return parts_->inbox;
}
std::uint64_t node::process() const noexcept {
  return parts_->process;
}
caf::error node::change_role(std::size_t number, instance_role role) {
  return parts_->change_role(number, role);
}
void node::stop() {
  parts_->stop();
}

} // namespace argentum::actors
