// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/scenario_nodes.hpp"

#include "apps/sim/tree_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace argentum::sim {

namespace {

using app::config_report;
using app::toml_document;
using app::toml_section;

constexpr std::uint64_t log_bytes_max = 1ull << 40;
constexpr std::uint64_t disk_bytes_max = 1ull << 50;

/// How much log, where the scenario says it; else by role.
struct log_rule {
  std::chrono::milliseconds age{0};
  std::uint64_t bytes = 0;
};

/// Bytes that a proxy takes before it evicts, and before it caches nothing more; 0 = no bound.
struct space_rule {
  std::uint64_t soft = 0;
  std::uint64_t hard = 0;
};

/// What all nodes have in common.
struct node_pattern {
  actors::node_config base;
  std::optional<std::vector<std::string>> seeds; ///< names of nodes or groups; none: there is no oracle
  std::vector<std::string> instances{"main"};
  log_rule log;
  space_rule space;
  std::chrono::milliseconds history_span = limits::history_span;
};

/// [[node]]: one node, or `count` alike.
struct node_group {
  std::string name;
  node_kind kind = node_kind::replica;
  std::uint64_t count = 1;
  std::string datacenter;
  std::vector<std::string> upstreams;
  std::vector<std::string> replicas;
  log_rule log;
  space_rule space;
  std::uint64_t disk = 0;
  actors::durability commit = actors::durability::fsync;
  bool joins_at_once = true;
  std::string path; ///< in reports
};

void read_log(toml_section& section, log_rule& into) {
  section.duration("log_age", into.age);
  section.size("log_bytes", into.bytes, 0, log_bytes_max);
}

void read_space(toml_section& section, space_rule& into) {
  section.size("soft_limit", into.soft, 0, disk_bytes_max);
  section.size("hard_limit", into.hard, 0, disk_bytes_max);
}

node_pattern read_pattern(toml_document& file) {
  node_pattern pattern;
  auto instances = file.section("instances");
  instances.texts("names", pattern.instances);
  instances.refuse_unknown();
  auto section = file.section("limits");
  auto& base = pattern.base;
  read_log(section, pattern.log);
  read_space(section, pattern.space);
  section.duration("history_span", pattern.history_span);
  section.size("key_max", base.key_bytes_max, 1, limits::key_bytes_max);
  section.size("value_max", base.value_bytes_max, 1, limits::value_bytes_max);
  std::uint64_t downstreams_max = base.downstreams_max;
  section.integer("downstreams_max", downstreams_max, 1, limits::links_max);
  base.downstreams_max = downstreams_max;
  section.duration("upstream_stale_after", base.upstream_stale_after);
  section.duration("lookup_deadline", base.lookup_deadline);
  section.refuse_unknown();
  auto oracle = file.section("oracle");
  if (oracle.line() != 0) oracle.texts("seeds", pattern.seeds.emplace());
  oracle.refuse_unknown();
  return pattern;
}

std::vector<node_group> read_groups(toml_document& file) {
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
    section.text("datacenter", group.datacenter);
    section.texts("upstreams", group.upstreams);
    section.texts("replicas", group.replicas);
    read_log(section, group.log);
    read_space(section, group.space);
    section.size("disk", group.disk, 0, disk_bytes_max);
    section.choice<actors::durability>("durability", group.commit,
                                       {{"fsync", actors::durability::fsync}, {"os", actors::durability::os}});
    section.choice<bool>("joins", group.joins_at_once, {{"at once", true}, {"later", false}});
    section.refuse_unknown();
  });
  return groups;
}

actors::space_limits limits_of(const space_rule& rule) {
  using kind = actors::space_limit::kind;
  actors::space_limits out;
  if (rule.soft != 0) out.soft = {{kind::budget, rule.soft}};
  if (rule.hard != 0) out.hard = {{kind::budget, rule.hard}};
  return out;
}

actors::node_config make_node(const node_pattern& pattern, std::string name, node_kind kind, const log_rule& log) {
  auto node = pattern.base;
  node.name = std::move(name);
  node.role = kind == node_kind::root           ? node_role::root
              : kind == node_kind::intermediate ? node_role::intermediate
                                                : node_role::leaf;
  for (const auto& each : pattern.instances) {
    auto& instance = node.instances.emplace_back();
    instance.name = each;
    instance.role = kind == node_kind::proxy ? instance_role::proxy : instance_role::replica;
    instance.log = actors::default_retention(node.role);
    instance.history_span = pattern.history_span;
    if (kind == node_kind::proxy) instance.space = limits_of(pattern.space);
    for (const auto& rule : {pattern.log, log}) {
      if (rule.age.count() != 0) instance.log.age = std::chrono::duration_cast<std::chrono::seconds>(rule.age);
      if (rule.bytes != 0) instance.log.bytes = rule.bytes;
    }
  }
  return node;
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

void add_group(const node_group& group, const std::vector<node_group>& groups, const node_pattern& pattern,
               scenario& all, config_report& report) {
  if (!group.datacenter.empty() && !all.place_of(group.datacenter))
    report.add_at(
        group.path + ".datacenter",
        fmt::format("datacenter = \"{}\" is unknown; expected the name of a [[datacenter]]", group.datacenter));
  auto names = names_of(group);
  for (std::uint64_t n = 0; n < names.size(); ++n) {
    auto& node = all.nodes.emplace_back(make_node(pattern, names[n], group.kind, group.log));
    node.datacenter = group.datacenter;
    node.upstreams = spread(group.upstreams, groups, n);
    node.replicas = spread(group.replicas, groups, n);
    for (auto& instance : node.instances) {
      instance.commit = group.commit;
      if (group.space.soft != 0 || group.space.hard != 0) instance.space = limits_of(group.space);
    }
    if (group.disk != 0) all.disks[node.name] = group.disk;
    if (!group.joins_at_once) all.spares.insert(node.name);
  }
}

/// All find others by the oracle, and nothing by lists; where nothing is said of datacenters there is one.
void let_find(scenario& all, const std::vector<std::string>& seeds) {
  for (auto& node : all.nodes) {
    node.oracle = actors::oracle_config{seeds, node.name};
    if (node.datacenter.empty()) node.datacenter = "here";
    node.upstreams.clear();
    node.replicas.clear();
  }
}

/// The first node that cannot be; `paths` says where each of them comes from.
void check_nodes(const scenario& all, const std::vector<std::string>& paths, config_report& report) {
  std::set<std::string> names;
  for (std::size_t n = 0; n < all.nodes.size(); ++n) {
    const auto& node = all.nodes[n];
    if (!names.insert(node.name).second)
      return report.add_at(paths[n], fmt::format("node {} is there twice; expected every name once", node.name));
    if (auto problem = actors::problem_of(node))
      return report.add_at(paths[n], fmt::format("{}: {}: {}", node.name, problem->key, problem->text));
  }
}

} // namespace

void read_nodes(toml_document& file, scenario& all, config_report& report) {
  auto pattern = read_pattern(file);
  auto groups = read_groups(file);
  if (groups.empty() || groups.front().kind != node_kind::root || !groups.front().joins_at_once)
    return report.add_at(groups.empty() ? "node" : groups.front().path, "the first [[node]] must be the root");
  std::vector<std::string> paths;
  for (const auto& group : groups) {
    add_group(group, groups, pattern, all, report);
    paths.resize(all.nodes.size(), group.path);
  }
  if (!all.datacenters.empty() && groups.front().datacenter.empty())
    report.add_at(groups.front().path, "where is the root? expected datacenter = \"...\", as there are some");
  auto make = [&](std::string name, node_kind kind) { return make_node(pattern, std::move(name), kind, {}); };
  if (report.ok()) plant_datacenters(all.datacenters, all.rtt, make, all.nodes);
  for (auto n = paths.size(); n < all.nodes.size(); ++n) {
    auto place = *all.place_of(all.nodes[n].datacenter);
    paths.push_back(fmt::format("datacenter.{}", place + 1));
    auto soft = all.datacenters[place].soft_limit;
    for (auto& instance : all.nodes[n].instances)
      if (soft != 0 && instance.role == instance_role::proxy) instance.space = limits_of({soft, 0});
  }
  if (pattern.seeds) let_find(all, spread(*pattern.seeds, groups, 0));
  check_nodes(all, paths, report);
}

} // namespace argentum::sim
