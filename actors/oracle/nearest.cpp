// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/nearest.hpp"

#include "actors/oracle/lot.hpp"
#include "messages/oracle_limits.hpp"

#include <algorithm>
#include <tuple>

namespace argentum::actors {

namespace {

using std::chrono::microseconds;

/// Members of a datacenter that its distances are taken from.
constexpr std::size_t distance_members = 5;

microseconds median(std::vector<microseconds> all) {
  if (all.empty()) return microseconds{0};
  auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  std::nth_element(all.begin(), middle, all.end());
  return *middle;
}

/// Those who are suspected come after the others.
std::vector<contact> some_of(std::vector<contact> alive, std::vector<contact> suspect, const std::string& asker) {
  take_by_lot(alive, asker, limits::near_contacts_max);
  take_by_lot(suspect, asker, limits::near_contacts_max - alive.size());
  alive.insert(alive.end(), suspect.begin(), suspect.end());
  return alive;
}

} // namespace

void nearest::know(const std::vector<near_member>& members) {
  places_.clear();
  around_.clear();
  for (const auto& each : members) {
    if (each.who.state != member_state::alive && each.who.state != member_state::suspect) continue;
    auto& there = places_[each.who.datacenter];
    auto& list = each.who.state == member_state::alive ? there.alive : there.suspect;
    list.push_back({each.who.node, each.who.address});
    if (there.members.size() < distance_members) there.members.push_back(each);
  }
}

nearest_reply nearest::answer(const nearest_request& asked, const replica_registry& replicas) {
  nearest_reply reply;
  for (const auto& [rtt, datacenter] :
       around(places_.contains(asked.datacenter) ? asked.datacenter : datacenter_)) {
    const auto& there = places_.at(datacenter);
    reply.groups.push_back({datacenter, rtt, some_of(there.alive, there.suspect, asked.node)});
  }
  for (const auto& instance : asked.instances) {
    auto share = limits::near_replicas_max / asked.instances.size();
    for (auto& each : replicas.of(instance, asked.node, share))
      reply.replicas.push_back({instance, std::move(each)});
  }
  return reply;
}

const std::vector<nearest::neighbour>& nearest::around(const std::string& datacenter) {
  auto [found, is_new] = around_.try_emplace(datacenter);
  auto& all = found->second;
  if (!is_new) return all;
  for (const auto& [name, there] : places_) all.push_back({between(datacenter, name), name});
  std::sort(all.begin(), all.end(), [&](const neighbour& a, const neighbour& b) {
    return std::tuple{a.datacenter != datacenter, a.rtt, a.datacenter}
           < std::tuple{b.datacenter != datacenter, b.rtt, b.datacenter};
  });
  if (all.size() > limits::near_groups_max) all.resize(limits::near_groups_max);
  return all;
}

microseconds nearest::between(const std::string& a, const std::string& b) const {
  std::vector<microseconds> measured, estimated;
  auto from = places_.find(a);
  auto to = places_.find(b);
  if (from == places_.end() || to == places_.end()) return microseconds{0};
  if (a == datacenter_ || b == datacenter_) {
    for (const auto& each : (a == datacenter_ ? to : from)->second.members) {
      if (each.rtt) measured.push_back(*each.rtt);
    }
  }
  if (!measured.empty()) return median(std::move(measured));
  for (const auto& here : from->second.members) {
    for (const auto& there : to->second.members) {
      if (here.who.node != there.who.node) estimated.push_back(estimate_(here.who.where, there.who.where));
    }
  }
  return median(std::move(estimated));
}

} // namespace argentum::actors
