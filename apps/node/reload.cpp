// SPDX-License-Identifier: Apache-2.0
#include "apps/node/reload.hpp"

#include "apps/config/toml_document.hpp"
#include "apps/node/config_file.hpp"

#include <fmt/format.h>

#include <sstream>

namespace argentum::app {

namespace {

std::string written(const toml::node& value) {
  std::ostringstream out;
  value.visit([&out](const auto& each) { out << each; });
  return out.str();
}

void add_keys(config_keys& into, const toml::table& table, const std::string& prefix, const std::string& place) {
  for (auto&& [key, value] : table) into[prefix + key.data()] = {written(value), place + key.data()};
}

/// Instances by name, wherever they stand; their order is a key of its own.
config_keys keys_of(const toml::table& root) {
  config_keys all;
  std::string order;
  std::size_t number = 0;
  if (const auto* names = root["node"]["instances"].as_array()) {
    for (const auto& name : *names) order += written(name) + " ";
    number = names->size();
  }
  if (const auto* sections = root["instance"].as_array()) {
    for (const auto& each : *sections) {
      const auto& section = *each.as_table();
      auto name = section["name"].value_or(std::string{});
      add_keys(all, section, fmt::format("instance {}: ", name), fmt::format("instance.{}.", number++));
      all.erase(fmt::format("instance {}: name", name));
      order += written(*section.get("name")) + " ";
    }
  }
  for (auto&& [key, value] : root) {
    auto prefix = std::string{key.str()} + ".";
    if (const auto* section = value.as_table()) add_keys(all, *section, prefix, prefix);
  }
  all["node.instances"] = {order, "node.instances"};
  return all;
}

bool is_role_of_instance(const std::string& key) {
  return key.starts_with("instance ") && key.ends_with(": role");
}

} // namespace

loaded_config load_config(const options& given, config_report& report) {
  loaded_config out;
  std::string text;
  if (!read_text(given.config_path, report, text)) return out;
  out.all = parse_config(text, report);
  apply_overrides(given, out.all, report);
  if (report.ok()) check(out.all, report);
  if (report.ok()) parse_toml(text, report, [&](const toml::table& root) { out.keys = keys_of(root); });
  return out;
}

void refuse_changes(const config_keys& before, const config_keys& now, config_report& report) {
  constexpr auto rule = "while the node runs only roles of instances may change: restart it for this";
  for (const auto& [key, is] : now) {
    auto was = before.find(key);
    if (is_role_of_instance(key) || (was != before.end() && was->second.value == is.value)) continue;
    report.add_at(is.place, fmt::format("{} has changed; {}", key, rule));
  }
  for (const auto& [key, was] : before)
    if (!is_role_of_instance(key) && !now.contains(key))
      report.add_at_file(fmt::format("{} is gone; {}", key, rule));
}

} // namespace argentum::app
