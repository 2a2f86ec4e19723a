// SPDX-License-Identifier: Apache-2.0
#include "apps/net/node_status.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <unistd.h>

namespace argentum::net {

namespace {

using std::chrono::steady_clock;
using std::chrono::system_clock;

template <class Duration>
std::int64_t milliseconds_of(Duration d) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(d).count();
}

std::string not_ready_reason(const instance_status& s, bool heard_of_root) {
  if (s.diverged) return "its data disagrees with its upstream";
  if (s.bootstrapping) return "it is receiving a full copy";
  if (!s.root && !heard_of_root) return "it has not heard of the root yet";
  return {};
}

void add_lag(instance_status& s, const instance_metrics& m, steady_clock::time_point now) {
  auto root_time_us = m.root_time_us.value();
  if (root_time_us == 0) {
    s.news_age_ms = -1;
    return;
  }
  auto head = static_cast<index_t>(m.root_head_index.value());
  s.lag_entries = head > s.index ? head - s.index : 0;
  if (s.lag_entries > 0) s.lag_ms = std::max<std::int64_t>(0, (root_time_us - m.applied_stamp_us.value()) / 1000);
  auto heard = steady_clock::time_point{std::chrono::microseconds{m.news_heard_us.value()}};
  s.news_age_ms = std::max<std::int64_t>(0, milliseconds_of(now - heard));
}

/// What keeps the disk bounded, as last looked at.
nlohmann::json space_of(const instance_metrics& m) {
  static constexpr const char* admissions[] = {"open", "selective", "closed"};
  return {{"disk_bytes", m.disk_bytes.value()},
          {"volume_free_bytes", m.volume_free_bytes.value()},
          {"volume_bytes", m.volume_bytes.value()},
          {"value_bytes", m.value_bytes.value()},
          {"window_bytes", m.window_bytes.value()},
          {"history_bytes", m.history_bytes.value()},
          {"tracked_keys", m.tracked_keys.value()},
          {"tracker_bytes", m.tracker_bytes.value()},
          {"admission", admissions[m.admission.value()]},
          {"alarm", m.space_alarm.value() != 0},
          {"values_evicted", m.values_evicted.value()},
          {"history_dropped", m.history_dropped.value()},
          {"bytes_freed", m.upkeep_bytes_freed.value()}};
}

/// How the replicas of a proxy are.
nlohmann::json pool_of(const pool_report& pool, steady_clock::time_point now) {
  auto replicas = nlohmann::json::array();
  for (const auto& each : pool.replicas) {
    auto isolated = std::max<std::int64_t>(0, milliseconds_of(each.isolated_until - now));
    const char* state = !each.linked            ? "no link"
                        : each.leaving          ? "leaving"
                        : isolated > 0          ? "isolated"
                        : !each.trouble.empty() ? "half-open"
                                                : "linked";
    replicas.push_back({{"address", each.address},
                        {"rank", each.rank},
                        {"state", state},
                        {"reason", each.trouble},
                        {"isolated_ms", isolated},
                        {"in_flight", each.in_flight},
                        {"latency_us", each.latency.count()},
                        {"p95_us", each.p95.count()},
                        {"requests", each.requests},
                        {"share", each.share},
                        {"errors", each.errors},
                        {"timeouts", each.timeouts}});
  }
  return {{"replicas", std::move(replicas)}, {"hedge_delay_us", pool.hedge_delay.count()}};
}

} // namespace

instance_status status_of(const actors::instance_handle& instance, steady_clock::time_point now) {
  const auto& m = *instance.metrics;
  instance_status s;
  s.name = instance.name;
  s.role = instance.role();
  s.data_role = m.replica_data.value() != 0 ? instance_role::replica : instance_role::proxy;
  s.root = static_cast<bool>(instance.sequencer);
  if (auto view = instance.view->load()) {
    s.index = view->applied();
    s.horizon = view->horizon();
    s.keys = view->key_count();
  }
  s.durable = static_cast<index_t>(m.durable_index.value());
  s.upstream_connected = m.upstream_connected.value() != 0;
  s.bootstrapping = m.bootstrapping.value() != 0;
  s.diverged = m.diverged.value() != 0;
  s.downstreams = m.downstreams.value();
  s.downstream_lag_entries = m.downstream_lag_entries.value();
  s.downstream_durable = static_cast<index_t>(m.downstream_durable_index.value());
  s.upstream = m.upstream.value();
  s.path = m.path.value();
  s.last_error = m.last_error.value();
  if (!s.root) add_lag(s, m, now);
  s.not_ready = not_ready_reason(s, m.root_time_us.value() != 0);
  return s;
}

std::string status_text(const node_picture& node) {
  auto now = steady_clock::now();
  auto instances = nlohmann::json::array();
  for (const auto& each : node.instances) {
    auto s = status_of(each, now);
    instances.push_back({{"name", s.name},
                         {"role", to_string(s.role)},
                         {"data_role", to_string(s.data_role)},
                         {"root", s.root},
                         {"ready", s.not_ready.empty()},
                         {"not_ready_reason", s.not_ready},
                         {"index", s.index},
                         {"durable", s.durable},
                         {"horizon", s.horizon},
                         {"keys", s.keys},
                         {"lag_entries", s.lag_entries},
                         {"lag_ms", s.lag_ms},
                         {"news_age_ms", s.news_age_ms},
                         {"upstream", s.upstream},
                         {"upstream_connected", s.upstream_connected},
                         {"path", s.path},
                         {"downstreams", s.downstreams},
                         {"downstream_lag_entries", s.downstream_lag_entries},
                         {"downstream_durable", s.downstream_durable},
                         {"space", space_of(*each.metrics)},
                         {"bootstrapping", s.bootstrapping},
                         {"diverged", s.diverged},
                         {"last_error", s.last_error}});
    bool asks = s.role == instance_role::proxy || s.data_role == instance_role::proxy;
    if (auto pool = asks && each.pool ? each.pool->load() : nullptr) instances.back()["pool"] = pool_of(*pool, now);
  }
  nlohmann::json out{{"node", node.name},
                     {"role", to_string(node.role)},
                     {"version", node.version},
                     {"pid", ::getpid()},
                     {"uptime_s", milliseconds_of(system_clock::now() - node.started) / 1000},
                     {"resident_bytes", resident_bytes()},
                     {"clients", node.metrics->clients.value()},
                     {"links", node.metrics->links.value()},
                     {"instances", std::move(instances)}};
  // Labels may hold anything that a peer said: bad UTF-8 is replaced, not thrown about.
  return out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::uint64_t resident_bytes() {
  std::ifstream file{"/proc/self/statm"};
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  file >> total >> resident;
  return file ? resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

} // namespace argentum::net
