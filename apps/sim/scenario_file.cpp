// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/scenario_file.hpp"

#include "apps/config/toml_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace argentum::sim {

namespace {

using app::config_report;
using app::toml_document;
using app::toml_section;

constexpr std::uint64_t many = 1'000'000'000;

enum class node_kind { root, intermediate, replica, proxy };

/// [[node]]: one node, or `count` alike.
struct node_group {
  std::string name;
  node_kind kind = node_kind::replica;
  std::uint64_t count = 1;
  std::vector<std::string> upstreams;
  std::vector<std::string> replicas;
  std::chrono::milliseconds log_age{0};
  std::uint64_t log_bytes = 0;
  actors::durability commit = actors::durability::fsync;
  bool joins_at_once = true;
  std::string path; ///< in reports
};

void read_run(toml_document& file, scenario& all) {
  auto run = file.section("run");
  run.text("description", all.description);
  run.duration("until", all.until);
  run.duration("converge_within", all.converge_within);
  auto span = std::chrono::duration_cast<std::chrono::milliseconds>(all.window.span);
  run.duration("window_span", span);
  all.window.span = span;
  run.integer("window_entries", all.window.entries, 0, many);
  run.refuse_unknown();
}

void read_network(toml_document& file, scenario& all) {
  auto network = file.section("network");
  auto delay = std::chrono::duration_cast<std::chrono::milliseconds>(all.path.delay);
  auto jitter = std::chrono::duration_cast<std::chrono::milliseconds>(all.path.jitter);
  network.duration("delay", delay);
  network.duration("jitter", jitter);
  all.path.delay = delay;
  all.path.jitter = jitter;
  network.integer("loss_percent", all.path.loss_percent, 0, 90);
  network.size("bandwidth", all.path.bytes_per_second, 0, 1ull << 40);
  network.refuse_unknown();
}

void read_workload(toml_document& file, workload_plan& plan) {
  auto section = file.section("workload");
  section.integer("writes_per_second", plan.writes_per_second, 0, 1'000'000);
  section.integer("keys", plan.keys, 1, many);
  section.integer("zipf_percent", plan.zipf_percent, 0, 300);
  section.size("value_bytes_max", plan.value_bytes_max, 0, limits::value_bytes_max);
  section.integer("delete_percent", plan.delete_percent, 0, 100);
  section.integer("repeat_percent", plan.repeat_percent, 0, 100);
  section.integer("batch_percent", plan.batch_percent, 0, 100);
  section.integer("reads_per_second", plan.reads_per_second, 0, 1'000'000);
  section.integer("negative_percent", plan.negative_percent, 0, 100);
  section.integer("many_percent", plan.many_percent, 0, 100);
  section.integer("past_percent", plan.past_percent, 0, 100);
  section.integer("wait_percent", plan.wait_percent, 0, 100);
  section.integer("evictions_per_second", plan.evictions_per_second, 0, 1'000'000);
  section.refuse_unknown();
}

void read_faults(toml_document& file, fault_plan& plan) {
  auto section = file.section("faults");
  section.duration("kill", plan.kill);
  section.duration("power", plan.power);
  section.duration("wipe", plan.wipe);
  section.duration("remove", plan.remove);
  section.duration("add", plan.add);
  section.duration("role", plan.role);
  section.duration("freeze", plan.freeze);
  section.duration("reset", plan.reset);
  section.duration("cut", plan.cut);
  section.duration("partition", plan.partition);
  section.duration("slow", plan.slow);
  section.duration("disk_full", plan.disk_full);
  section.duration("disk_stall", plan.disk_stall);
  section.duration("clock_jump", plan.clock_jump);
  section.duration("lasts", plan.lasts);
  section.refuse_unknown();
}

std::vector<node_group> read_nodes(toml_document& file) {
  std::vector<node_group> groups;
  file.each("node", 1, [&](toml_section section) {
    auto& group = groups.emplace_back();
    group.path = fmt::format("node.{}", groups.size());
    section.text("name", group.name);
    section.choice<node_kind>("kind", group.kind,
                              {{"root", node_kind::root},
                               {"intermediate", node_kind::intermediate},
                               {"replica", node_kind::replica},
                               {"proxy", node_kind::proxy}});
    section.integer("count", group.count, 1, 100'000);
    section.texts("upstreams", group.upstreams);
    section.texts("replicas", group.replicas);
    section.duration("log_age", group.log_age);
    section.size("log_bytes", group.log_bytes, 0, 1ull << 40);
    section.choice<actors::durability>("durability", group.commit,
                                       {{"fsync", actors::durability::fsync}, {"os", actors::durability::os}});
    section.choice<bool>("joins", group.joins_at_once, {{"at once", true}, {"later", false}});
    section.refuse_unknown();
  });
  return groups;
}

std::vector<std::string> names_of(const node_group& group) {
  if (group.count == 1) return {group.name};
  std::vector<std::string> names;
  for (std::uint64_t n = 1; n <= group.count; ++n) names.push_back(fmt::format("{}-{}", group.name, n));
  return names;
}

/// Names of groups become names of their nodes; each node of a group starts with another one of them.
std::vector<std::string> spread(const std::vector<std::string>& from, const std::vector<node_group>& groups,
                                std::uint64_t number) {
  std::vector<std::string> all;
  for (const auto& name : from) {
    auto group = std::find_if(groups.begin(), groups.end(), [&](const node_group& g) { return g.name == name; });
    auto names = group == groups.end() ? std::vector{name} : names_of(*group);
    std::rotate(names.begin(), names.begin() + static_cast<long>(number % names.size()), names.end());
    all.insert(all.end(), names.begin(), names.end());
  }
  return all;
}

void build_nodes(const std::vector<node_group>& groups, const std::vector<std::string>& instances, scenario& all,
                 config_report& report) {
  for (const auto& group : groups) {
    auto names = names_of(group);
    for (std::uint64_t n = 0; n < names.size(); ++n) {
      actors::node_config node;
      node.name = names[n];
      node.role = group.kind == node_kind::root           ? node_role::root
                  : group.kind == node_kind::intermediate ? node_role::intermediate
                                                          : node_role::leaf;
      node.upstreams = spread(group.upstreams, groups, n);
      node.replicas = spread(group.replicas, groups, n);
      for (const auto& name : instances) {
        actors::instance_config instance;
        instance.name = name;
        instance.role = group.kind == node_kind::proxy ? instance_role::proxy : instance_role::replica;
        instance.log = actors::default_retention(node.role);
        if (group.log_age.count() != 0)
          instance.log.age = std::chrono::duration_cast<std::chrono::seconds>(group.log_age);
        if (group.log_bytes != 0) instance.log.bytes = group.log_bytes;
        instance.commit = group.commit;
        node.instances.push_back(instance);
      }
      if (auto problem = actors::problem_of(node))
        return report.add_at(group.path, fmt::format("{}: {}", problem->key, problem->text));
      if (!group.joins_at_once) all.spares.insert(node.name);
      all.nodes.push_back(std::move(node));
    }
  }
  if (all.nodes.empty() || all.nodes.front().role != node_role::root || !groups.front().joins_at_once)
    report.add_at(groups.empty() ? "node" : groups.front().path, "the first [[node]] must be the root");
}

void read_events(toml_document& file, scenario& all, config_report& report) {
  std::size_t number = 0;
  file.each("event", 1, [&](toml_section section) {
    auto& event = all.events.emplace_back();
    event.line = section.line();
    auto path = fmt::format("event.{}", ++number);
    section.duration("at", event.at);
    section.text("do", event.action);
    section.text("node", event.node);
    section.text("other", event.other);
    section.text("key", event.key);
    section.text("value", event.value);
    section.integer("count", event.count, 0, many);
    section.refuse_unknown();
    const auto& actions = scripted_actions();
    auto action =
        std::find_if(actions.begin(), actions.end(), [&](const auto& a) { return a.name == event.action; });
    if (action == actions.end())
      return report.add_at(path + ".do", fmt::format("do = \"{}\" is unknown; expected an action as argentum-sim "
                                                     "explain lists them",
                                                     event.action));
    auto known = [&](const std::string& name) {
      return std::any_of(all.nodes.begin(), all.nodes.end(), [&](const auto& node) { return node.name == name; });
    };
    if (action->node && !known(event.node)) report.add_at(path + ".node", "expected the name of a node");
    if (action->other && !known(event.other)) report.add_at(path + ".other", "expected the name of a node");
    if (action->key && event.key.empty()) report.add_at(path + ".key", "a key is missing");
    if (action->name == "role" && event.value != "replica" && event.value != "proxy")
      report.add_at(path + ".value", "expected \"replica\" or \"proxy\"");
    if (action->name == "clock" && !parse_skew(event.value))
      report.add_at(path + ".value", "expected how far it is off, as \"+2h\" or \"-30m\"");
  });
}

scenario read_document(const toml::table& root, config_report& report) {
  scenario all;
  toml_document file{root, report};
  read_run(file, all);
  read_network(file, all);
  read_workload(file, all.workload);
  read_faults(file, all.faults);
  std::vector<std::string> instances{"main"};
  auto section = file.section("instances");
  section.texts("names", instances);
  section.refuse_unknown();
  build_nodes(read_nodes(file), instances, all, report);
  read_events(file, all, report);
  file.refuse_unknown();
  return all;
}

} // namespace

scenario parse_scenario(std::string_view text, config_report& report) {
  scenario all;
  app::parse_toml(text, report, [&](const toml::table& root) { all = read_document(root, report); });
  return all;
}

scenario read_scenario(const std::string& path, config_report& report) {
  std::string text;
  if (!app::read_text(path, report, text)) return {};
  auto all = parse_scenario(text, report);
  auto slash = path.rfind('/');
  all.name = path.substr(slash == std::string::npos ? 0 : slash + 1);
  if (auto dot = all.name.rfind(".toml"); dot != std::string::npos) all.name.resize(dot);
  return all;
}

} // namespace argentum::sim
