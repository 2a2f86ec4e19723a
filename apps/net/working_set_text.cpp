// SPDX-License-Identifier: Apache-2.0
#include "apps/net/working_set_text.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace argentum::net {

namespace {

using nlohmann::json;

json windows_of(const actors::working_set_report& report) {
  auto out = json::array();
  for (const auto& each : report.windows)
    out.push_back({{"span_s", each.span.count()},
                   {"keys", std::llround(each.keys)},
                   {"bytes", std::llround(each.bytes)},
                   {"error", each.error}});
  return out;
}

json curve_of(const actors::working_set_report& report) {
  auto out = json::array();
  for (const auto& each : report.curve)
    out.push_back({{"cache_bytes", std::llround(each.cache_bytes)}, {"hit_rate", each.hit_rate}});
  return out;
}

json instance_json(const actors::instance_handle& instance) {
  auto view = instance.view->load();
  json out{{"name", instance.name}, {"role", to_string(instance.role())}, {"keys", view ? view->key_count() : 0}};
  auto report = instance.working_set->load();
  if (!report) {
    out["watched_s"] = 0;
    return out;
  }
  out["one_key_in"] = report->one_key_in;
  out["samples"] = report->samples;
  out["reads"] = report->reads;
  out["watched_s"] = report->watched.count();
  out["windows"] = windows_of(*report);
  out["curve"] = curve_of(*report);
  out["curve_keys"] = report->curve_keys;
  out["memory_bytes"] = report->memory_bytes;
  return out;
}

} // namespace

std::string working_set_text(const node_picture& node) {
  auto instances = json::array();
  for (const auto& each : node.instances)
    if (each.working_set) instances.push_back(instance_json(each));
  if (instances.empty()) return {};
  return json{{"node", node.name}, {"instances", std::move(instances)}}.dump(2) + "\n";
}

} // namespace argentum::net
