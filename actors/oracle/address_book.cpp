// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/address_book.hpp"

#include "actors/oracle/lot.hpp"
#include "actors/oracle/replica_ranks.hpp"
#include "messages/names.hpp"
#include "messages/oracle_limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <sstream>
#include <tuple>

namespace argentum::actors {

using std::chrono::microseconds;

void address_book::learn(const nearest_reply& reply, const std::string& from_datacenter,
                         const std::set<std::string>& instances, time_point now) {
  for (const auto& [datacenter, rtt, contacts] : reply.groups) {
    auto& known = groups_[datacenter];
    known.rtt = rtt;
    for (const auto& each : contacts) known.contacts.confirm(each, now);
    known.contacts.forget(now, limits::near_contacts_max);
  }
  keep_nearest();
  std::map<std::string, std::vector<contact>> owners;
  for (const auto& [instance, who] : reply.replicas)
    if (instances.contains(instance)) owners[instance].push_back(who);
  for (auto& [instance, contacts] : owners) {
    take_by_lot(contacts, node_, limits::pool_replicas_max);
    auto& known = replicas_[instance][from_datacenter];
    for (const auto& each : contacts) known.confirm(each, now);
    known.forget(now, limits::pool_replicas_max);
  }
  std::erase_if(replicas_, [&](const auto& each) { return !instances.contains(each.first); });
}

std::vector<address_book::place> address_book::places() const {
  std::vector<place> out;
  for (const auto& datacenter : by_distance()) {
    const auto& known = groups_.at(datacenter);
    out.push_back({datacenter, known.rtt, known.contacts.all(), known.contacts.newest()});
    take_by_lot(out.back().contacts, node_, limits::near_contacts_max);
  }
  return out;
}

set_replicas address_book::replicas_of(const std::string& instance) const {
  std::vector<std::vector<contact>> ranks{{}};
  auto known = replicas_.find(instance);
  for (const auto& datacenter : by_distance()) {
    if (known == replicas_.end() || ranks.size() > limits::spare_datacenters) break;
    auto there = known->second.find(datacenter);
    if (there == known->second.end()) continue;
    if (datacenter == datacenter_)
      ranks.front() = there->second.all();
    else
      ranks.push_back(there->second.all());
  }
  if (auto own = groups_.find(datacenter_); own != groups_.end()) ranks.push_back(own->second.contacts.all());
  return choose_replicas(std::move(ranks), node_);
}

std::string address_book::text() const {
  std::string out;
  auto to = std::back_inserter(out);
  for (const auto& each : places())
    for (const auto& who : each.contacts)
      fmt::format_to(to, "member {} {} {} {}\n", each.datacenter, each.rtt.count(), who.node, who.address);
  for (const auto& [instance, places] : replicas_)
    for (const auto& [datacenter, contacts] : places)
      for (const auto& who : contacts.all())
        fmt::format_to(to, "replica {} {} {} {}\n", instance, datacenter, who.node, who.address);
  return out;
}

void address_book::restore(std::string_view text, time_point now) {
  while (!text.empty()) {
    auto end = std::min(text.find('\n'), text.size());
    restore_line(text.substr(0, end), now);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  keep_nearest();
}

void address_book::restore_line(std::string_view line, time_point now) {
  std::istringstream words{std::string{line}};
  std::string kind, datacenter, instance;
  contact who;
  microseconds::rep rtt = 0;
  words >> kind;
  if (kind == "member") words >> datacenter >> rtt;
  if (kind == "replica") words >> instance >> datacenter;
  words >> who.node >> who.address;
  if (!words || !is_name(datacenter) || !is_name(who.node) || who.address.size() > limits::address_bytes_max)
    return;
  if (kind == "member") {
    groups_[datacenter].rtt = microseconds{rtt};
    groups_[datacenter].contacts.confirm(who, now);
  } else if (kind == "replica" && is_name(instance)) {
    replicas_[instance][datacenter].confirm(who, now);
  }
}

void address_book::keep_nearest() {
  auto all = by_distance();
  for (std::size_t i = limits::near_groups_max; i < all.size(); ++i) groups_.erase(all[i]);
  for (auto& [instance, places] : replicas_)
    std::erase_if(places, [this](const auto& each) { return !groups_.contains(each.first); });
}

std::vector<std::string> address_book::by_distance() const {
  std::vector<std::tuple<bool, microseconds, std::string>> all;
  for (const auto& [datacenter, known] : groups_)
    all.emplace_back(datacenter != datacenter_, known.rtt, datacenter);
  std::sort(all.begin(), all.end());
  std::vector<std::string> out;
  for (auto& each : all) out.push_back(std::move(std::get<2>(each)));
  return out;
}

} // namespace argentum::actors
