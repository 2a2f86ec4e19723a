// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/scenario_file.hpp"

#include "apps/config/toml_document.hpp"
#include "apps/sim/scenario_nodes.hpp"
#include "apps/sim/scenario_places.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace argentum::sim {

namespace {

using app::config_report;
using app::toml_document;
using app::toml_section;

constexpr std::uint64_t many = 1'000'000'000;

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

distance_rules read_network(toml_document& file, scenario& all) {
  distance_rules rules;
  auto network = file.section("network");
  auto delay = std::chrono::duration_cast<std::chrono::milliseconds>(all.path.delay);
  auto jitter = std::chrono::duration_cast<std::chrono::milliseconds>(all.path.jitter);
  network.duration("delay", delay);
  network.duration("jitter", jitter);
  all.path.delay = delay;
  all.path.jitter = jitter;
  network.integer("loss_percent", all.path.loss_percent, 0, 90);
  network.size("bandwidth", all.path.bytes_per_second, 0, 1ull << 40);
  network.number("path_factor", rules.path_factor, 1, 10);
  network.number("lan_rtt_ms", rules.lan_rtt_ms, 0, 100);
  network.refuse_unknown();
  return rules;
}

void read_workload(toml_document& file, workload_plan& plan, config_report& report) {
  auto section = file.section("workload");
  section.integer("writes_per_second", plan.writes_per_second, 0, 1'000'000);
  section.integer("keys", plan.keys, 1, many);
  section.integer("zipf_percent", plan.zipf_percent, 0, 300);
  section.size("value_bytes_min", plan.value_bytes_min, 0, limits::value_bytes_max);
  section.size("value_bytes_max", plan.value_bytes_max, 0, limits::value_bytes_max);
  section.integer("delete_percent", plan.delete_percent, 0, 100);
  section.integer("repeat_percent", plan.repeat_percent, 0, 100);
  section.integer("batch_percent", plan.batch_percent, 0, 100);
  section.integer("command_percent", plan.command_percent, 0, 100);
  section.integer("watch_percent", plan.watch_percent, 0, 100);
  section.integer("reads_per_second", plan.reads_per_second, 0, 1'000'000);
  section.integer("negatives_per_positive", plan.negatives_per_positive, 0, 1000);
  section.integer("many_percent", plan.many_percent, 0, 100);
  section.integer("past_percent", plan.past_percent, 0, 100);
  section.integer("wait_percent", plan.wait_percent, 0, 100);
  section.integer("evictions_per_second", plan.evictions_per_second, 0, 1'000'000);
  section.refuse_unknown();
  if (plan.value_bytes_min > plan.value_bytes_max)
    report.add_at("workload.value_bytes_min", fmt::format("value_bytes_min = {} is above value_bytes_max = {}",
                                                          plan.value_bytes_min, plan.value_bytes_max));
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
  auto distances = read_network(file, all);
  read_workload(file, all.workload, report);
  read_faults(file, all.faults);
  read_datacenters(file, distances, all, report);
  read_nodes(file, all, report);
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
