// SPDX-License-Identifier: Apache-2.0
// The rules of a config that no single key can know: what goes together in the tree.
#include "actors/node/node_config.hpp"

#include "messages/names.hpp"
#include "messages/sampling_limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace argentum::actors {

namespace {

using problem = std::optional<config_problem>;

constexpr std::uint64_t default_log_bytes = 16ull * 1024 * limits::mib;
constexpr auto name_rule = "1 to 64 of A-Z a-z 0-9 _ . - and no leading dot";

problem names_problem(const node_config& c) {
  if (c.name.empty()) return config_problem{"node.name", "the node has no name; expected a unique one"};
  if (!is_name(c.name))
    return config_problem{"node.name", fmt::format("'{}' is no node name; expected {}", c.name, name_rule)};
  if (!c.datacenter.empty() && !is_name(c.datacenter))
    return config_problem{"node.datacenter",
                          fmt::format("'{}' is no datacenter name; expected {}", c.datacenter, name_rule)};
  return {};
}

problem repeated(const std::vector<std::string>& addresses, const char* key) {
  std::set<std::string_view> seen;
  for (auto& each : addresses) {
    if (!seen.insert(each).second)
      return config_problem{key, fmt::format("{} is listed twice; expected every address once", each)};
  }
  return {};
}

problem tree_problem(const node_config& c) {
  if (c.role == node_role::root && !c.upstreams.empty())
    return config_problem{"tree.upstreams", "a root has no upstream; expected none, or another role"};
  if (c.role != node_role::root && c.upstreams.empty() && !c.oracle)
    return config_problem{"tree.upstreams",
                          fmt::format("{} {} without upstreams receives nothing; expected at least "
                                      "one \"host:port\", or [oracle]",
                                      c.role == node_role::leaf ? "a" : "an", to_string(c.role))};
  if (c.downstreams_max < 1 || c.downstreams_max > limits::links_max)
    return config_problem{"tree.downstreams_max", "out of range; expected 1 to 1024"};
  if (auto p = repeated(c.upstreams, "tree.upstreams")) return p;
  if (auto p = repeated(c.replicas, "tree.replicas")) return p;
  if (c.upstream_stale_after < limits::upstream_stale_after_min
      || c.upstream_stale_after > limits::upstream_stale_after_max)
    return config_problem{"tree.upstream_stale_after", "out of range; expected 3s to 1h"};
  if (c.lookup_deadline < 2 * limits::lookup_attempt || c.lookup_deadline > limits::lookup_deadline_max)
    return config_problem{"tree.lookup_deadline", "out of range; expected 1s to 60s"};
  return {};
}

problem oracle_problem(const node_config& c) {
  if (!c.oracle) return {};
  if (!c.upstreams.empty())
    return config_problem{"tree.upstreams", "the oracle finds upstreams; expected either these or [oracle]"};
  if (c.role != node_role::root && c.oracle->seeds.empty())
    return config_problem{"oracle.seeds", "nobody is known to begin with; expected at least one \"host:port\""};
  if (c.datacenter.empty())
    return config_problem{"node.datacenter", "the oracle goes by datacenters; expected this node's"};
  return repeated(c.oracle->seeds, "oracle.seeds");
}

problem services_problem(const node_config& c) {
  if (!c.services.empty() && !c.replicas.empty())
    return config_problem{"tree.replicas", "replicas are found by DNS; expected either these or [[dns]]"};
  for (std::size_t n = 0; n < c.services.size(); ++n) {
    auto key = fmt::format("dns.{}", n);
    if (!is_name(c.services[n].datacenter))
      return config_problem{key + ".datacenter", fmt::format("'{}' is no datacenter name; expected {}",
                                                             c.services[n].datacenter, name_rule)};
    if (c.services[n].pattern.find("{instance}") == std::string::npos)
      return config_problem{key + ".pattern",
                            "all instances would have the same replicas; expected {instance} in it"};
  }
  return {};
}

problem limits_problem(const node_config& c) {
  if (c.key_bytes_max < 1 || c.key_bytes_max > limits::key_bytes_max)
    return config_problem{"limits.key_max", fmt::format("{} bytes are out of range; expected 1 to {}",
                                                        c.key_bytes_max, limits::key_bytes_max)};
  if (c.value_bytes_max > limits::value_bytes_max)
    return config_problem{"limits.value_max", fmt::format("{} bytes are too many; expected at most {}",
                                                          c.value_bytes_max, limits::value_bytes_max)};
  return {};
}

problem sampling_problem(const node_config& c) {
  if (c.sampling.one_key_in > limits::one_key_in_max)
    return config_problem{"working_set.one_key_in", "out of range; expected 1 to 1000000, or 0 for none"};
  if (c.sampling.span < limits::working_set_span_min || c.sampling.span > limits::working_set_span_max)
    return config_problem{"working_set.span", "out of range; expected 1h to 1w"};
  return {};
}

/// A hard limit that is reached before the soft one would stop admission without anything being evicted.
problem space_problem(const space_limits& space, const std::string& key) {
  for (const auto& soft : space.soft) {
    for (const auto& hard : space.hard) {
      auto wrong = soft.what == space_limit::kind::budget ? hard.amount < soft.amount : hard.amount > soft.amount;
      if (soft.what == hard.what && wrong)
        return config_problem{key + ".hard_limit", "it is reached before soft_limit; expected it behind"};
    }
  }
  return {};
}

problem volume_problem(const node_config& c) {
  return space_problem(c.volume, "storage");
}

problem instance_problem(const node_config& c, const instance_config& i, const std::string& key) {
  bool is_number = std::all_of(i.name.begin(), i.name.end(), [](char ch) { return ch >= '0' && ch <= '9'; });
  if (!is_name(i.name))
    return config_problem{key + ".name", fmt::format("'{}' is no instance name; expected {}", i.name, name_rule)};
  if (is_number)
    return config_problem{key + ".name", fmt::format("instance '{}' is a number, which SELECT takes for a place; "
                                                     "expected a name",
                                                     i.name)};
  if (i.role == instance_role::proxy && c.role != node_role::leaf)
    return config_problem{key + ".role",
                          fmt::format("instance '{}' is a proxy on the {}, which must hold all values; "
                                      "expected replica, or a leaf",
                                      i.name, to_string(c.role))};
  if (i.role == instance_role::proxy && c.replicas.empty() && c.services.empty() && !c.oracle)
    return config_problem{"tree.replicas", fmt::format("instance '{}' is a proxy and there are no replicas to ask; "
                                                       "expected at least one \"host:port\", [[dns]] or [oracle]",
                                                       i.name)};
  if (i.commit == durability::os && c.role != node_role::root)
    return config_problem{key + ".durability",
                          fmt::format("instance '{}' sets durability on the {}; expected it on "
                                      "the root only",
                                      i.name, to_string(c.role))};
  if (i.space.soft.empty() && !i.space.hard.empty())
    return config_problem{key + ".hard_limit", "nothing would be evicted; expected soft_limit beside it"};
  if (auto p = space_problem(i.space, key)) return p;
  if (i.role == instance_role::replica && (i.log.age.count() < 1 || i.log.bytes < 1))
    return config_problem{key, fmt::format("instance '{}' would keep no log; expected log_age of at least 1s and "
                                           "log_bytes of at least 1",
                                           i.name)};
  return {};
}

problem instances_problem(const node_config& c) {
  if (c.instances.empty()) return config_problem{"node.instances", "there are no instances; expected at least one"};
  if (c.instances.size() > limits::instances_max)
    return config_problem{"node.instances", fmt::format("{} instances are too many; expected at most {}",
                                                        c.instances.size(), limits::instances_max)};
  std::set<std::string_view> seen;
  for (std::size_t n = 0; n < c.instances.size(); ++n) {
    auto key = fmt::format("instance.{}", n);
    if (auto p = instance_problem(c, c.instances[n], key)) return p;
    if (!seen.insert(c.instances[n].name).second)
      return config_problem{key + ".name", fmt::format("instance '{}' is there twice; expected every name once",
                                                       c.instances[n].name)};
  }
  return {};
}

} // namespace

storage::log_retention default_retention(node_role role) {
  using namespace std::chrono_literals;
  switch (role) {
  case node_role::root: return {24h * 7, default_log_bytes};
  case node_role::intermediate: return {24h, default_log_bytes};
  case node_role::leaf: break;
  }
  return {1h, default_log_bytes};
}

space_limits volume_defaults() {
  using kind = space_limit::kind;
  return {{{kind::free_percent, limits::soft_free_percent}}, {{kind::free_percent, limits::hard_free_percent}}};
}

std::optional<config_problem> problem_of(const node_config& config) {
  for (auto rule : {names_problem, tree_problem, oracle_problem, services_problem, limits_problem, volume_problem,
                    sampling_problem, instances_problem}) {
    if (auto p = rule(config)) return p;
  }
  return {};
}

} // namespace argentum::actors
