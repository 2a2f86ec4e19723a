// SPDX-License-Identifier: Apache-2.0
// /metrics: every counter and gauge of the node ("argentum_...") and of its instances (label instance).
#include "apps/net/node_status.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <map>

namespace argentum::net {

namespace {

using families = std::map<std::string, prometheus::MetricFamily>;

void add(families& to, const char* name, const char* help, double value, bool is_counter,
         std::vector<prometheus::ClientMetric::Label> labels) {
  auto full_name = std::string{"argentum_"} + name;
  auto& family = to[full_name];
  family.name = full_name;
  family.help = help;
  family.type = is_counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  (is_counter ? metric.counter.value : metric.gauge.value) = value;
  family.metric.push_back(std::move(metric));
}

} // namespace

std::string metrics_text(const node_picture& node) {
  families all;
  node.metrics->visit([&](const char* name, const char* help, double value, bool is_counter) {
    add(all, (std::string{"node_"} + name).c_str(), help, value, is_counter, {});
  });
  auto now = std::chrono::steady_clock::now();
  for (const auto& each : node.instances) {
    each.metrics->visit([&](const char* name, const char* help, double value, bool is_counter) {
      add(all, name, help, value, is_counter, {{"instance", each.name}});
    });
    auto status = status_of(each, now);
    auto lag = static_cast<double>(status.lag_ms) / 1000;
    add(all, "lag_seconds", "Age of the state on the root's clock; 0 at its head", lag, false,
        {{"instance", each.name}});
    add(all, "ready", "1 if the instance is ready", status.not_ready.empty() ? 1 : 0, false,
        {{"instance", each.name}});
  }
  add(all, "build_info", "Version and place of this node", 1, false,
      {{"version", node.version}, {"node", node.name}, {"role", to_string(node.role)}});
  add(all, "resident_bytes", "Resident memory of the process", static_cast<double>(resident_bytes()), false, {});
  std::vector<prometheus::MetricFamily> list;
  for (auto& each : all) list.push_back(std::move(each.second));
  return prometheus::TextSerializer{}.Serialize(list);
}

} // namespace argentum::net
