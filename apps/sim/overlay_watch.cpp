// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/overlay_watch.hpp"

#include <algorithm>
#include <unordered_map>

namespace argentum::sim {

namespace {

/// Of counters that end with their process.
std::uint64_t growth(std::uint64_t before, std::uint64_t after) {
  return after > before ? after - before : 0;
}

std::uint64_t count(const gauge& from) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(from.value(), 0));
}

} // namespace

double overlay_phase::mean_bytes() const noexcept {
  auto all = static_cast<double>(lasted.count()) / 1e9 * static_cast<double>(members);
  return all == 0 ? 0 : static_cast<double>(bytes) / all;
}

double overlay_phase::most_bytes() const noexcept {
  return members == 0 ? 0 : static_cast<double>(bytes_most) / static_cast<double>(members);
}

overlay_watch::overlay_watch(surroundings& around, const std::vector<std::unique_ptr<sim_node>>& nodes)
    : around_(around), nodes_(nodes) {
  begin("start");
}

void overlay_watch::begin(const std::string& what) {
  if (!nodes_.front()->config().oracle) return;
  auto& fresh = phases_.emplace_back();
  fresh.what = what;
  fresh.since = around_.clock.now();
  before_ = sum();
}

void overlay_watch::look() {
  if (phases_.empty()) return;
  auto& phase = phases_.back();
  auto now = sum();
  auto bytes = growth(before_.bytes, now.bytes);
  phase.lasted = around_.clock.now() - phase.since;
  phase.members = members().size();
  phase.bytes += bytes;
  phase.bytes_most = std::max(phase.bytes_most, bytes);
  phase.suspicions += growth(before_.suspicions, now.suspicions);
  phase.deaths += growth(before_.deaths, now.deaths);
  before_ = now;
  auto note = [&](std::optional<vtime>& since, bool holds) {
    if (!holds)
      since.reset();
    else if (!since)
      since = phase.lasted;
  };
  note(phase.agreed, all_agree());
  note(phase.whole, all_follow());
}

std::vector<const sim_node*> overlay_watch::members() const {
  std::vector<const sim_node*> all;
  for (const auto& each : nodes_)
    if (each->running() && each->config().role != node_role::leaf) all.push_back(each.get());
  return all;
}

bool overlay_watch::all_agree() const {
  auto all = members();
  return std::all_of(all.begin(), all.end(), [&](const sim_node* each) {
    const auto& m = each->metrics();
    return count(m.members_alive) + count(m.members_suspect) == all.size();
  });
}

/// Along the first instance.
bool overlay_watch::all_follow() const {
  std::unordered_map<std::string, std::string> upstreams; ///< of those whose way is not known yet
  for (const auto& each : nodes_) {
    if (!each->running() || each == nodes_.front()) continue;
    const auto& m = *each->instance(0).metrics;
    upstreams.emplace(each->name(), m.upstream_connected.value() != 0 ? m.upstream.value() : std::string{});
  }
  const auto& root = nodes_.front()->name();
  return nodes_.front()->running() && std::all_of(upstreams.begin(), upstreams.end(), [&](const auto& each) {
           auto at = each.first;
           for (std::size_t hops = 0; at != root; ++hops) {
             auto up = upstreams.find(at);
             if (up == upstreams.end() || up->second.empty() || hops == limits::path_nodes_max) return false;
             at = up->second;
           }
           return true;
         });
}

overlay_watch::sums overlay_watch::sum() const {
  sums out{around_.network.totals().datagram_bytes + state_bytes_};
  for (const auto* each : members()) {
    out.suspicions += each->metrics().suspicions.value();
    out.deaths += each->metrics().deaths.value();
  }
  return out;
}

} // namespace argentum::sim
