// SPDX-License-Identifier: Apache-2.0
#include "apps/node/process.hpp"

#include "actors/node/node.hpp"
#include "apps/net/clickhouse_export.hpp"
#include "apps/net/event_loops.hpp"
#include "apps/net/http_server.hpp"
#include "apps/net/peer_transport.hpp"
#include "apps/net/resp_server.hpp"
#include "apps/net/srv_resolver.hpp"
#include "apps/net/udp_transport.hpp"
#include "apps/node/data_lock.hpp"
#include "apps/node/oracle_files.hpp"
#include "apps/node/runtime.hpp"
#include "messages/wire/gossip_seal.hpp"
#include "storage/rocks_home.hpp"
#include "storage/rocks_shared.hpp"

#include <boost/asio/post.hpp>
#include <caf/actor_system.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <random>

namespace argentum::app {

namespace {

stamp_t wall_now() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::uint64_t system_seed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

storage::rocks_limits rocks_limits_of(const storage_settings& s) {
  storage::rocks_limits limits;
  limits.cache_bytes = s.block_cache_bytes;
  limits.memtable_bytes = s.write_buffer_bytes;
  limits.write_bytes_per_second = s.write_rate_bytes;
  limits.accesses_bytes = s.access_tracker_bytes;
  limits.compaction_threads = static_cast<int>(s.background_threads);
  return limits;
}

/// The address as configured, with the port that the system gave.
std::string real_address(const std::string& configured, std::uint16_t port) {
  return fmt::format("{}:{}", configured.substr(0, configured.rfind(':')), port);
}

caf::error of_listener(const char* which, const caf::error& error) {
  return make_error(code_of(error), fmt::format("{} listener: {}", which, text_of(error)));
}

} // namespace

/// Members in the order of making; sockets and loops outlive the actors, which hold them.
struct process::parts {
  parts(const settings& s, data_lock l) : all(s), lock(std::move(l)) {}

  caf::error open_peer_listener();
  caf::error find_others(actors::node_env& env);
  caf::error start_export();
  caf::error start_node(stop_request& stop);
  caf::error start_listeners(stop_request& stop);
  caf::expected<std::unique_ptr<net::resp_server>> start_resp(const std::string& address, bool admin,
                                                              stop_request& stop);
  caf::expected<std::string> change_role(std::size_t number, instance_role role);
  void take_roles(const std::vector<actors::instance_config>& instances);
  void stop();

  settings all;
  std::mutex roles; ///< those of `all`, which are the file's
  data_lock lock;
  std::shared_ptr<storage::rocks_shared> rocks =
      std::make_shared<storage::rocks_shared>(rocks_limits_of(all.storage));
  net::event_loops loops;
  std::shared_ptr<net::tcp_peer_transport> transport = std::make_shared<net::tcp_peer_transport>(loops);
  std::shared_ptr<net::udp_transport> datagrams;    ///< null: there is no oracle
  std::shared_ptr<net::clickhouse_export> exporter; ///< null: nothing is exported
  runtime::system_config system_config;
  std::unique_ptr<caf::actor_system> system = std::make_unique<caf::actor_system>(system_config);
  std::unique_ptr<actors::node> node;
  std::unique_ptr<net::resp_server> clients;
  std::unique_ptr<net::resp_server> admin;
  std::unique_ptr<net::http_server> http;
};

/// Before the node starts: others are to know its port.
caf::error process::parts::open_peer_listener() {
  auto at = *net::parse_address(all.listen.peer);
  if (auto ok = transport->open(at); !ok) return of_listener("peer", ok.error());
  auto& oracle = all.node.oracle;
  if (!oracle) return {};
  at.port = transport->port();
  datagrams = std::make_shared<net::udp_transport>(loops);
  if (auto ok = datagrams->open(at); !ok) return of_listener("peer", ok.error());
  if (oracle->address.empty()) oracle->address = real_address(all.listen.peer, at.port);
  return {};
}

caf::error process::parts::find_others(actors::node_env& env) {
  for (const auto& place : all.node.services) {
    auto resolver = net::make_srv_resolver(loops.next(), place.servers);
    if (!resolver) return resolver.error();
    env.resolvers.push_back(std::move(*resolver));
  }
  if (!datagrams) return {};
  env.datagrams = datagrams;
  std::vector<std::string> keys;
  if (!all.keys.file.empty()) {
    auto read = read_keys(all.keys.file);
    if (!read) return read.error();
    keys = std::move(*read);
  }
  env.form = wire::make_gossip_form(std::move(keys));
  env.contacts = read_contacts(all.data_dir);
  env.save_contacts = [dir = all.data_dir, &loop = loops.at(0)](std::string bytes) {
    boost::asio::post(loop, [dir, bytes = std::move(bytes)] { keep_contacts(dir, bytes); });
  };
  return {};
}

caf::error process::parts::start_export() {
  const auto& to = all.clickhouse;
  if (to.url.empty()) return {};
  net::clickhouse_config config;
  config.server = *clickhouse_address(to.url);
  config.database = to.database;
  config.table = to.table;
  config.user = to.user;
  if (!to.password_file.empty()) {
    std::ifstream file{to.password_file};
    if (!std::getline(file, config.password))
      return make_error(errc::io_failed, fmt::format("cannot read the password in {}", to.password_file));
  }
  config.node = all.node.name;
  for (const auto& each : all.node.instances) config.instances.push_back(each.name);
  config.one_key_in = all.node.sampling.one_key_in;
  config.clear_keys = all.node.sampling.clear_keys;
  exporter = std::make_shared<net::clickhouse_export>(std::move(config), loops.next());
  return {};
}

caf::error process::parts::start_node(stop_request& stop) {
  actors::node_env env;
  env.wall_now = wall_now;
  env.transport = transport;
  env.seed = system_seed();
  if (exporter)
    env.export_samples = [to = exporter](actors::sample_rows rows, reply_to<std::size_t> reply) {
      to->send(std::move(rows), std::move(reply));
    };
  env.on_failure = [&stop](std::string what) { stop.ask({std::move(what), 1}); };
  auto instances = all.data_dir + "/instances/";
  std::error_code error;
  std::filesystem::create_directories(instances, error);
  if (error) return make_error(errc::io_failed, fmt::format("{}: {}", instances, error.message()));
  env.open_home = [this, instances](const actors::instance_config& instance) {
    std::unique_ptr<storage::store_home> home = std::make_unique<storage::rocks_home>(
        instances + instance.name, instance.role, rocks, instance.window, instance.history_span);
    return caf::expected<std::unique_ptr<storage::store_home>>{std::move(home)};
  };
  if (auto problem = find_others(env)) return problem;
  auto started = actors::node::start(*system, all.node, std::move(env));
  if (!started) return started.error();
  node = std::move(*started);
  transport->attach(node->inbox(), node->metrics());
  if (datagrams) datagrams->start(node->datagrams());
  return {};
}

caf::expected<std::unique_ptr<net::resp_server>> process::parts::start_resp(const std::string& address,
                                                                            bool is_admin, stop_request& stop) {
  net::resp_server_config config;
  config.listen = *net::parse_address(address);
  config.node_name = all.node.name;
  config.role = all.node.role;
  config.root_name = all.node.root_name;
  config.version = ARGENTUM_VERSION;
  config.admin = is_admin;
  if (is_admin) {
    config.on_shutdown = [&stop] { stop.ask({"SHUTDOWN", 0}); };
    config.on_role = [this](std::size_t number, instance_role role) { return change_role(number, role); };
  }
  config.clients_max = all.clients.clients_max;
  config.client_stalled_max = all.clients.stalled_max;
  config.client_idle_max = all.clients.idle_max;
  config.flush = all.clients.flush;
  config.accesses = node->accesses();
  config.key_bytes_max = all.node.key_bytes_max;
  config.value_bytes_max = all.node.value_bytes_max;
  return net::resp_server::start(std::move(config), loops, node->instances(), node->metrics());
}

caf::error process::parts::start_listeners(stop_request& stop) {
  transport->listen();
  auto resp = start_resp(all.listen.client, false, stop);
  if (!resp) return of_listener("client", resp.error());
  clients = std::move(*resp);
  auto second = start_resp(all.listen.admin, true, stop);
  if (!second) return of_listener("admin", second.error());
  admin = std::move(*second);
  net::http_server_config config{*net::parse_address(all.listen.http), all.node.name, all.node.role,
                                 ARGENTUM_VERSION, node->oracle()};
  auto web = net::http_server::start(std::move(config), loops, node->instances(), node->metrics());
  if (!web) return of_listener("http", web.error());
  http = std::move(*web);
  return {};
}

/// By command: the file knows nothing of it, and will win at the next start or reload.
caf::expected<std::string> process::parts::change_role(std::size_t number, instance_role role) {
  if (auto error = node->change_role(number, role)) return error;
  std::lock_guard held{roles};
  const auto& instance = all.node.instances[number];
  if (instance.role == role) return std::string{"OK"};
  auto warning = fmt::format("the config says {}: a restart or reload makes {} one again", to_string(instance.role),
                             instance.name);
  spdlog::warn("argentum.node {}", warning);
  return "OK, but " + warning;
}

void process::parts::take_roles(const std::vector<actors::instance_config>& instances) {
  for (std::size_t n = 0; n < instances.size(); ++n) {
    if (auto error = node->change_role(n, instances[n].role))
      spdlog::error("argentum.node {}: {}", instances[n].name, text_of(error));
    std::lock_guard held{roles};
    all.node.instances[n].role = instances[n].role;
  }
}

/// Sessions hold ports of actors and sockets of loops, actors hold the transport: so sessions end first, then
/// actors, then links, then loops.
void process::parts::stop() {
  auto deadline = std::chrono::steady_clock::now() + limits::drain_timeout;
  if (clients) clients->drain(deadline);
  if (admin) admin->drain(deadline);
  http.reset();
  admin.reset();
  clients.reset();
  if (exporter) exporter->stop();
  if (datagrams) datagrams->detach();
  if (node) node->stop();
  node.reset();
  system.reset(); // waits for all actors, and with them the stores
  transport->close();
  if (datagrams) datagrams->close();
  loops.stop();
}

process::process(std::unique_ptr<parts> made) : parts_(std::move(made)) {}

process::~process() {
  stop();
}

void process::stop() {
  if (parts_) parts_->stop();
  parts_.reset();
}

caf::expected<std::unique_ptr<process>> process::start(const settings& all, stop_request& stop) {
  auto lock = data_lock::take(all.data_dir);
  if (!lock) return lock.error();
  std::unique_ptr<process> made{new process{std::make_unique<parts>(all, std::move(*lock))}};
  if (auto error = made->parts_->open_peer_listener()) return error;
  if (auto error = made->parts_->start_export()) return error;
  if (auto error = made->parts_->start_node(stop)) return error;
  if (auto error = made->parts_->start_listeners(stop)) return error;
  return made;
}

void process::take_roles(const actors::node_config& config) {
  parts_->take_roles(config.instances);
}

std::string process::ready_line() const {
  auto& p = *parts_;
  auto& listen = p.all.listen;
  return fmt::format("argentum-node {} ready: client {} peer {} admin {} http {}", p.all.node.name,
                     real_address(listen.client, p.clients->port()), real_address(listen.peer, p.transport->port()),
                     real_address(listen.admin, p.admin->port()), real_address(listen.http, p.http->port()));
}

} // namespace argentum::app
