// SPDX-License-Identifier: Apache-2.0
// INFO: Redis' sections with the fields that tools read, and one of our own, `argentum`, with a line per instance.
#include "apps/net/resp_commands/groups.hpp"
#include "apps/net/resp_commands/redis_version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <unistd.h>

namespace argentum::net {

namespace {

using std::chrono::system_clock;

template <class... T>
void line(std::string& out, fmt::format_string<T...> format, T&&... values) {
  fmt::format_to(std::back_inserter(out), format, std::forward<T>(values)...);
  out += "\r\n";
}

void server_section(const server_state& server, std::string& out) {
  auto up = std::chrono::duration_cast<std::chrono::seconds>(system_clock::now() - server.node.started).count();
  line(out, "redis_version:{}", redis_version);
  line(out, "argentum_version:{}", server.config.version);
  line(out, "redis_mode:standalone");
  line(out, "arch_bits:64");
  line(out, "process_id:{}", ::getpid());
  line(out, "node_name:{}", server.config.node_name);
  line(out, "node_role:{}", to_string(server.config.role));
  line(out, "tcp_port:{}", server.port);
  line(out, "uptime_in_seconds:{}", up);
  line(out, "uptime_in_days:{}", up / 86'400);
}

void clients_section(const server_state& server, std::string& out) {
  line(out, "connected_clients:{}", server.node.metrics->clients.value());
  line(out, "maxclients:{}", server.config.clients_max);
}

void memory_section(const server_state&, std::string& out) {
  auto bytes = resident_bytes();
  line(out, "used_memory:{}", bytes);
  line(out, "used_memory_human:{:.2f}M", static_cast<double>(bytes) / limits::mib);
  line(out, "used_memory_rss:{}", bytes);
}

void stats_section(const server_state& server, std::string& out) {
  const auto& m = *server.node.metrics;
  line(out, "total_connections_received:{}", m.clients_accepted.value());
  line(out, "total_commands_processed:{}", m.commands.value());
  line(out, "total_net_input_bytes:{}", m.bytes_received.value());
  line(out, "total_net_output_bytes:{}", m.bytes_sent.value());
  line(out, "rejected_connections:{}", m.clients_refused.value());
  line(out, "keyspace_hits:{}", m.keyspace_hits.value());
  line(out, "keyspace_misses:{}", m.keyspace_misses.value());
  line(out, "total_error_replies:{}", m.command_errors.value());
  line(out, "client_protocol_errors:{}", m.protocol_errors.value());
  line(out, "clients_dropped_stalled:{}", m.clients_stalled.value());
}

void replication_section(const server_state& server, std::string& out) {
  bool root = server.config.role == node_role::root;
  line(out, "role:{}", root ? "master" : "slave");
  std::int64_t downstreams = 0;
  bool linked = true;
  for (const auto& each : server.instances()) {
    downstreams += each.metrics->downstreams.value();
    linked = linked && each.metrics->upstream_connected.value() != 0;
  }
  if (!root) line(out, "master_link_status:{}", linked ? "up" : "down");
  line(out, "connected_slaves:{}", downstreams);
}

void keyspace_section(const server_state& server, std::string& out) {
  for (std::size_t i = 0; i < server.instances().size(); ++i) {
    auto keys = server.instances()[i].view->load()->key_count();
    if (keys > 0) line(out, "db{}:keys={},expires=0,avg_ttl=0", i, keys);
  }
}

void argentum_section(const server_state& server, std::string& out) {
  auto now = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < server.instances().size(); ++i) {
    auto s = status_of(server.instances()[i], now);
    line(
        out,
        "{}:db={},role={},root={},ready={},index={},durable={},lag_entries={},lag_ms={},news_age_ms={},upstream={},"
        "path={},horizon={},keys={}",
        s.name, i, to_string(s.role), s.root ? 1 : 0, s.not_ready.empty() ? 1 : 0, s.index, s.durable,
        s.lag_entries, s.lag_ms, s.news_age_ms, s.upstream, s.path, s.horizon, s.keys);
  }
}

struct section {
  std::string_view name;
  std::string_view title;
  void (*write)(const server_state&, std::string&);
};

constexpr std::array sections{
    section{"server", "Server", server_section},
    section{"clients", "Clients", clients_section},
    section{"memory", "Memory", memory_section},
    section{"stats", "Stats", stats_section},
    section{"replication", "Replication", replication_section},
    section{"keyspace", "Keyspace", keyspace_section},
    section{"argentum", "Argentum", argentum_section},
};

bool wanted(std::span<const std::string_view> names, std::string_view section) {
  if (names.empty()) return true;
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
    return equal_nocase(name, section) || equal_nocase(name, "all") || equal_nocase(name, "everything")
           || equal_nocase(name, "default");
  });
}

void info(command_call& call) {
  std::string out;
  for (const auto& each : sections) {
    if (!wanted(call.args.subspan(1), each.name)) continue;
    if (!out.empty()) out += "\r\n";
    line(out, "# {}", each.title);
    each.write(call.server, out);
  }
  call.reply().text(out);
}

constexpr command_row rows[] = {{"info", -1, run_rule::after_writes, "loading stale", info}};

} // namespace

std::span<const command_row> info_commands() {
  return rows;
}

} // namespace argentum::net
