// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/own_status.hpp"

#include <algorithm>

namespace argentum::actors {

namespace {

template <class Number>
Number count(const gauge& from) {
  return static_cast<Number>(std::max<std::int64_t>(from.value(), 0));
}

/// Since the root's news were heard, which the root itself always has.
std::chrono::microseconds age_of_news(const instance_metrics& m, node_role role, time_point now) {
  if (role == node_role::root) return {};
  auto us = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch());
  return std::clamp<std::chrono::microseconds>(us - std::chrono::microseconds{m.news_heard_us.value()}, {},
                                               std::chrono::hours{24 * 365});
}

} // namespace

std::optional<instance_status> own_status(const std::string& instance, const metrics_of_instances& all,
                                          node_role role, time_point now) {
  auto it = all.find(instance);
  if (it == all.end()) return {};
  const auto& m = *it->second;
  if (m.replica_data.value() == 0) return {};
  instance_status out;
  out.instance = instance;
  out.applied = count<index_t>(m.applied_index);
  out.news = count<std::uint64_t>(m.root_news);
  out.age = age_of_news(m, role, now);
  out.delay = std::chrono::microseconds{count<std::int64_t>(m.root_delay_us)};
  out.depth = count<std::uint32_t>(m.tree_depth);
  out.downstreams = count<std::uint32_t>(m.downstreams);
  out.leaves = count<std::uint32_t>(m.downstream_leaves);
  out.downstreams_max = count<std::uint32_t>(m.downstreams_max);
  if (m.upstream_connected.value() != 0) out.upstream = m.upstream.value();
  return out;
}

std::vector<instance_status> own_statuses(const metrics_of_instances& all, node_role role, time_point now) {
  std::vector<instance_status> out;
  for (const auto& [instance, m] : all) {
    if (auto status = own_status(instance, all, role, now)) out.push_back(std::move(*status));
  }
  return out;
}

} // namespace argentum::actors
