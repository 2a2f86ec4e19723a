// SPDX-License-Identifier: Apache-2.0
// INFO: Redis' sections with the fields that tools read, and one of our own, `argentum`, with a line per instance.
#include "apps/net/resp_commands/groups.hpp"
#include "apps/net/resp_commands/redis_version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <sys/resource.h>
#include <unistd.h>

namespace argentum::net {

namespace {

using std::chrono::system_clock;

template <class... T>
void line(std::string& out, fmt::format_string<T...> format, T&&... values) {
  fmt::format_to(std::back_inserter(out), format, std::forward<T>(values)...);
  out += "\r\n";
}

void server_section(const command_call& call, std::string& out) {
  const auto& server = call.server;
  auto now = system_clock::now();
  auto up = std::chrono::duration_cast<std::chrono::seconds>(now - server.node.started).count();
  line(out, "redis_version:{}", redis_version);
  line(out, "argentum_version:{}", server.config.version);
  line(out, "redis_mode:standalone");
  line(out, "os:Linux");
  line(out, "arch_bits:64");
  line(out, "process_id:{}", ::getpid());
  line(out, "node_name:{}", server.config.node_name);
  line(out, "node_role:{}", to_string(server.config.role));
  line(out, "tcp_port:{}", server.port);
  line(out, "server_time_usec:{}",
       std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count());
  line(out, "uptime_in_seconds:{}", up);
  line(out, "uptime_in_days:{}", up / 86'400);
}

void clients_section(const command_call& call, std::string& out) {
  std::int64_t waiting = 0;
  for (const auto& each : call.server.instances()) waiting += each.metrics->index_waiters.value();
  line(out, "connected_clients:{}", call.server.node.metrics->clients.value());
  line(out, "maxclients:{}", call.server.config.clients_max);
  line(out, "blocked_clients:{}", waiting);
}

void memory_section(const command_call&, std::string& out) {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  auto bytes = resident_bytes();
  auto peak = static_cast<std::uint64_t>(used.ru_maxrss) * limits::kib;
  line(out, "used_memory:{}", bytes);
  line(out, "used_memory_human:{:.2f}M", static_cast<double>(bytes) / limits::mib);
  line(out, "used_memory_rss:{}", bytes);
  line(out, "used_memory_rss_human:{:.2f}M", static_cast<double>(bytes) / limits::mib);
  line(out, "used_memory_peak:{}", peak);
  line(out, "used_memory_peak_human:{:.2f}M", static_cast<double>(peak) / limits::mib);
  line(out, "maxmemory:0");
  line(out, "maxmemory_human:0B");
  line(out, "maxmemory_policy:noeviction");
}

/// A node serves from the first moment on and never stops to save.
void persistence_section(const command_call&, std::string& out) {
  line(out, "loading:0");
  line(out, "async_loading:0");
  line(out, "rdb_bgsave_in_progress:0");
  line(out, "aof_enabled:1");
  line(out, "aof_rewrite_in_progress:0");
}

void stats_section(const command_call& call, std::string& out) {
  const auto& m = *call.server.node.metrics;
  line(out, "total_connections_received:{}", m.clients_accepted.value());
  line(out, "total_commands_processed:{}", m.commands.value());
  line(out, "instantaneous_ops_per_sec:{}", call.server.command_rate.per_second());
  line(out, "total_net_input_bytes:{}", m.bytes_received.value());
  line(out, "total_net_output_bytes:{}", m.bytes_sent.value());
  line(out, "rejected_connections:{}", m.clients_refused.value());
  line(out, "expired_keys:0");
  line(out, "evicted_keys:0");
  line(out, "keyspace_hits:{}", m.keyspace_hits.value());
  line(out, "keyspace_misses:{}", m.keyspace_misses.value());
  line(out, "total_error_replies:{}", m.command_errors.value());
  line(out, "client_protocol_errors:{}", m.protocol_errors.value());
  line(out, "clients_dropped_stalled:{}", m.clients_stalled.value());
}

/// Of the instance in use; the link is up when those of all instances are.
void replication_section(const command_call& call, std::string& out) {
  auto now = status_of(call.instance(), std::chrono::steady_clock::now());
  bool linked = true;
  for (const auto& each : call.server.instances()) linked = linked && each.metrics->upstream_connected.value() != 0;
  line(out, "role:{}", now.root ? "master" : "slave");
  if (!now.root) {
    auto colon = std::min(now.upstream.rfind(':'), now.upstream.size());
    line(out, "master_host:{}", now.upstream.substr(0, colon));
    line(out, "master_port:{}", now.upstream.substr(std::min(colon + 1, now.upstream.size())));
    line(out, "master_link_status:{}", linked ? "up" : "down");
    line(out, "master_last_io_seconds_ago:{}", now.news_age_ms < 0 ? -1 : now.news_age_ms / 1000);
    line(out, "master_sync_in_progress:{}", now.bootstrapping ? 1 : 0);
    line(out, "slave_repl_offset:{}", now.index);
    line(out, "slave_read_only:1");
  }
  line(out, "connected_slaves:{}", now.downstreams);
  line(out, "master_repl_offset:{}", now.index);
}

void cpu_section(const command_call&, std::string& out) {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  line(out, "used_cpu_sys:{}.{:06}", used.ru_stime.tv_sec, used.ru_stime.tv_usec);
  line(out, "used_cpu_user:{}.{:06}", used.ru_utime.tv_sec, used.ru_utime.tv_usec);
}

void cluster_section(const command_call&, std::string& out) {
  line(out, "cluster_enabled:0");
}

void keyspace_section(const command_call& call, std::string& out) {
  const auto& instances = call.server.instances();
  for (std::size_t i = 0; i < instances.size(); ++i) {
    auto keys = instances[i].view->load()->key_count();
    if (keys > 0) line(out, "db{}:keys={},expires=0,avg_ttl=0", i, keys);
  }
}

void argentum_section(const command_call& call, std::string& out) {
  const auto& server = call.server;
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
  void (*write)(const command_call&, std::string&);
};

constexpr std::array sections{
    section{"server", "Server", server_section},
    section{"clients", "Clients", clients_section},
    section{"memory", "Memory", memory_section},
    section{"persistence", "Persistence", persistence_section},
    section{"stats", "Stats", stats_section},
    section{"replication", "Replication", replication_section},
    section{"cpu", "CPU", cpu_section},
    section{"cluster", "Cluster", cluster_section},
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
    each.write(call, out);
  }
  call.reply().text(out);
}

constexpr command_row rows[] = {{"info", -1, run_rule::after_writes, "loading stale", info}};

} // namespace

std::span<const command_row> info_commands() {
  return rows;
}

} // namespace argentum::net
