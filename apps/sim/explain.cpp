// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/explain.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

namespace argentum::sim {

namespace {

/// Lines of a list before the rest is only counted.
constexpr std::size_t shown_max = 20;

std::string run_text(const scenario& what) {
  return fmt::format("{}: {}\nruns {} s, then heals and must be level within {} s\n", what.name, what.description,
                     what.until.count() / 1000, what.converge_within.count() / 1000);
}

std::string rtt_text(const scenario& what) {
  double least = 0;
  double most = 0;
  for (std::size_t a = 0; a < what.datacenters.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      auto ms = what.rtt.between(a, b);
      least = most == 0 ? ms : std::min(least, ms);
      most = std::max(most, ms);
    }
  }
  return fmt::format("{} datacenters; round trips between two {:.1f} to {:.1f} ms, within one {:.1f} ms\n",
                     what.datacenters.size(), least, most, what.rtt.between(0, 0));
}

/// One line for all datacenters that are alike in everything but name and position.
std::string datacenters_text(const scenario& what) {
  if (what.datacenters.empty()) return {};
  std::map<std::string, std::vector<std::string>> alike;
  for (const auto& each : what.datacenters)
    alike[fmt::format("{:<12} {:>13} {:>8} {:>7} {:>11} % {:>12}  {}", each.size, each.intermediates, each.replicas,
                      each.proxies, each.working_set_percent,
                      each.soft_limit == 0 ? "-" : fmt::format("{} KiB", each.soft_limit / limits::kib),
                      each.intermediates == 0 ? "-" : each.follows)]
        .push_back(each.name);
  auto text = fmt::format("\n{}  {:<12} {:>13} {:>8} {:>7} {:>13} {:>12}  {:<8} {}\n", rtt_text(what), "size",
                          "intermediates", "replicas", "proxies", "working set", "soft limit", "follows", "which");
  for (const auto& [line, names] : alike) {
    auto first =
        std::vector(names.begin(), names.begin() + static_cast<long>(std::min<std::size_t>(3, names.size())));
    text += fmt::format("  {:<84} {}: {}{}\n", line, names.size(), fmt::join(first, ", "),
                        names.size() > first.size() ? ", ..." : "");
  }
  return text;
}

std::string nodes_text(const scenario& what) {
  std::string text = "\nnodes\n";
  std::size_t shown = 0;
  for (const auto& node : what.nodes) {
    if (++shown > shown_max) break;
    text += fmt::format("  {:<20} {:<13} {:<8} follows {}\n", node.name, to_string(node.role),
                        to_string(node.instances.front().role), fmt::join(node.upstreams, ", "));
  }
  return shown > shown_max ? text + fmt::format("  ... {} in all\n", what.nodes.size()) : text;
}

/// What the scenario says otherwise than a node's own defaults.
std::string limits_text(const scenario& what) {
  const auto& node = what.nodes.front();
  const actors::node_config usual;
  std::string text = fmt::format("  window of the proxies: {} entries and {} ms\n", what.window.entries,
                                 what.window.span.count() / 1000);
  auto show = [&](const char* name, auto value, auto otherwise, const char* unit) {
    if (value != otherwise) text += fmt::format("  {}: {} {}\n", name, value, unit);
  };
  show("key_max", node.key_bytes_max, usual.key_bytes_max, "bytes");
  show("value_max", node.value_bytes_max, usual.value_bytes_max, "bytes");
  show("upstream_stale_after", node.upstream_stale_after.count(), usual.upstream_stale_after.count(), "ms");
  show("lookup_deadline", node.lookup_deadline.count(), usual.lookup_deadline.count(), "ms");
  std::map<std::string, std::size_t> logs;
  for (const auto& each : what.nodes) {
    const auto& log = each.instances.front().log;
    auto own = actors::default_retention(each.role);
    if (each.instances.front().role == instance_role::proxy || (log.age == own.age && log.bytes == own.bytes))
      continue;
    ++logs[fmt::format("{} bytes, {} s on {} nodes", log.bytes, log.age.count(), to_string(each.role))];
  }
  for (const auto& [rule, count] : logs) text += fmt::format("  log: {} ({})\n", rule, count);
  return "\nlimits\n" + text;
}

std::string steps_text(const scenario& what) {
  std::string text = what.events.empty() ? "" : "\nsteps\n";
  for (const auto& step : what.events)
    text += fmt::format("  {:>8} ms  {} {} {} {} {}\n", step.at.count(), step.action, step.node, step.other,
                        step.key, step.value);
  text += "\nactions of [[event]]\n";
  for (const auto& action : scripted_actions()) text += fmt::format("  {:<12} {}\n", action.name, action.help);
  return text;
}

} // namespace

std::string explain(const scenario& what) {
  return run_text(what) + datacenters_text(what) + nodes_text(what) + limits_text(what) + steps_text(what);
}

} // namespace argentum::sim
