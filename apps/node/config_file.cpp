// SPDX-License-Identifier: Apache-2.0
#include "apps/node/config_file.hpp"

#include "apps/config/toml_document.hpp"
#include "messages/sampling_limits.hpp"

#include <fmt/format.h>

#include <limits>

namespace argentum::app {

namespace {

constexpr std::uint64_t gib = 1024 * limits::mib;

actors::space_limit limit_of(const space_amount& written) {
  using kind = actors::space_limit::kind;
  return {written.percent ? kind::free_percent : written.free ? kind::free_bytes : kind::budget, written.amount};
}

void read_limits(toml_section& section, actors::space_limits& into, bool of_volume) {
  std::optional<space_amount> soft;
  std::optional<space_amount> hard;
  section.space("soft_limit", soft, of_volume);
  section.space("hard_limit", hard, of_volume);
  if (soft) into.soft = {limit_of(*soft)};
  if (hard) into.hard = {limit_of(*hard)};
}

void read_window(toml_section& section, storage::window_limits& into) {
  auto span = std::chrono::duration_cast<std::chrono::milliseconds>(into.span);
  section.duration("window_span", span);
  section.integer("window_entries", into.entries, 0, std::numeric_limits<std::int64_t>::max());
  into.span = span;
}

void read_node(toml_document& file, settings& all, std::vector<std::string>& instances) {
  auto node = file.section("node");
  node.text("name", all.node.name);
  node.choice<node_role>(
      "role", all.node.role,
      {{"root", node_role::root}, {"intermediate", node_role::intermediate}, {"leaf", node_role::leaf}});
  node.text("datacenter", all.node.datacenter);
  node.text("data_dir", all.data_dir);
  node.texts("instances", instances);
  node.refuse_unknown();
}

void read_surroundings(toml_document& file, settings& all) {
  auto listen = file.section("listen");
  listen.text("client", all.listen.client);
  listen.text("peer", all.listen.peer);
  listen.text("admin", all.listen.admin);
  listen.text("http", all.listen.http);
  listen.refuse_unknown();

  auto tree = file.section("tree");
  tree.texts("upstreams", all.node.upstreams);
  tree.texts("replicas", all.node.replicas);
  tree.text("root", all.node.root_name);
  tree.duration("upstream_stale_after", all.node.upstream_stale_after);
  tree.duration("lookup_deadline", all.node.lookup_deadline);
  tree.refuse_unknown();

  auto storage = file.section("storage");
  storage.size("block_cache", all.storage.block_cache_bytes, 8 * limits::mib, 1024 * gib);
  storage.size("write_buffers", all.storage.write_buffer_bytes, 4 * limits::mib, 64 * gib);
  storage.integer("background_threads", all.storage.background_threads, 1, 64);
  storage.size("write_rate", all.storage.write_rate_bytes, 1 * limits::mib, 64 * gib);
  storage.size("access_tracker", all.storage.access_tracker_bytes, 64 * limits::kib, 16 * gib);
  read_limits(storage, all.node.volume, true);
  storage.refuse_unknown();

  auto bounds = file.section("limits");
  std::uint64_t key_max = all.node.key_bytes_max;
  std::uint64_t value_max = all.node.value_bytes_max;
  bounds.size("key_max", key_max, 1, limits::key_bytes_max);
  bounds.size("value_max", value_max, 1, limits::value_bytes_max);
  all.node.key_bytes_max = key_max;
  all.node.value_bytes_max = value_max;
  bounds.integer("clients_max", all.clients.clients_max, 1, 1'000'000);
  bounds.duration("client_stalled", all.clients.stalled_max);
  bounds.duration("client_idle", all.clients.idle_max);
  bounds.refuse_unknown();

  auto commands = file.section("commands");
  commands.flag("flush", all.clients.flush);
  commands.refuse_unknown();

  auto sampling = file.section("working_set");
  sampling.integer("one_key_in", all.node.sampling.one_key_in, 0, limits::one_key_in_max);
  sampling.duration("span", all.node.sampling.span);
  sampling.flag("clear_keys", all.node.sampling.clear_keys);
  sampling.text("clickhouse", all.clickhouse.url);
  sampling.text("database", all.clickhouse.database);
  sampling.text("table", all.clickhouse.table);
  sampling.text("user", all.clickhouse.user);
  sampling.text("password_file", all.clickhouse.password_file);
  sampling.refuse_unknown();

  auto log = file.section("log");
  using level = toml_section::word<std::string>;
  log.choice<std::string>(
      "level", all.log.level,
      {level{"debug", "debug"}, level{"info", "info"}, level{"warn", "warn"}, level{"error", "error"}});
  log.choice<log_format>("format", all.log.format, {{"text", log_format::text}, {"json", log_format::json}});
  log.refuse_unknown();
}

actors::instance_config default_instance(const settings& all) {
  actors::instance_config instance;
  instance.log = actors::default_retention(all.node.role);
  return instance;
}

void read_instances(toml_document& file, settings& all, const std::vector<std::string>& names,
                    config_report& report) {
  for (auto& name : names) {
    auto instance = default_instance(all);
    instance.name = name;
    all.node.instances.push_back(std::move(instance));
  }
  file.each("instance", names.size(), [&](toml_section section) {
    auto instance = default_instance(all);
    section.text("name", instance.name);
    section.choice<instance_role>("role", instance.role,
                                  {{"replica", instance_role::replica}, {"proxy", instance_role::proxy}});
    section.choice<actors::durability>("durability", instance.commit,
                                       {{"fsync", actors::durability::fsync}, {"os", actors::durability::os}});
    std::chrono::milliseconds age = instance.log.age;
    section.duration("log_age", age);
    instance.log.age = std::chrono::duration_cast<std::chrono::seconds>(age);
    section.size("log_bytes", instance.log.bytes, 1, std::numeric_limits<std::int64_t>::max());
    section.duration("history_span", instance.history_span);
    read_window(section, instance.window);
    read_limits(section, instance.space, false);
    section.refuse_unknown();
    all.node.instances.push_back(std::move(instance));
  });
  // The instances of the short list all stand on its line.
  for (std::size_t n = 0; n < names.size(); ++n) report.alias(fmt::format("instance.{}", n), "node.instances");
}

settings read_document(const toml::table& root, config_report& report) {
  settings all;
  std::vector<std::string> instances;
  toml_document file{root, report};
  read_node(file, all, instances);
  read_surroundings(file, all);
  read_instances(file, all, instances, report);
  file.refuse_unknown();
  return all;
}

} // namespace

settings parse_config(std::string_view text, config_report& report) {
  settings all;
  parse_toml(text, report, [&](const toml::table& root) { all = read_document(root, report); });
  return all;
}

void check(const settings& all, config_report& report) {
  if (auto problem = problem_of(all)) report.add_at(problem->key, problem->text);
}

} // namespace argentum::app
