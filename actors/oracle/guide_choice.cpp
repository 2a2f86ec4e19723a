// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/guide_choice.hpp"

#include "messages/oracle_limits.hpp"

#include <algorithm>

namespace argentum::actors {

namespace {

using addresses = std::vector<std::string>;
using reach_of = std::function<guide_reach(const std::string&)>;

/// So many in their order, and those that are linked until the others are.
addresses take(const addresses& from, std::size_t most, const reach_of& reach) {
  addresses taken;
  std::size_t linked = 0;
  for (const auto& each : from) {
    auto how = reach(each);
    bool is_linked = how == guide_reach::linked;
    if (how == guide_reach::resting || (!is_linked && taken.size() >= most)) continue;
    if (is_linked && ++linked > most) break;
    taken.push_back(each);
  }
  return taken;
}

addresses addresses_of(const address_book::place& place) {
  addresses out;
  for (const auto& each : place.contacts) out.push_back(each.address);
  return out;
}

} // namespace

std::map<std::string, guide_duty> choose_guides(const std::vector<address_book::place>& places,
                                                const std::string& datacenter, const addresses& seeds,
                                                guide_needs needs, const reach_of& reach) {
  addresses all, own, guides;
  std::vector<addresses> others;
  for (const auto& place : places) {
    auto there = addresses_of(place);
    all.insert(all.end(), there.begin(), there.end());
    if (place.datacenter == datacenter)
      own = std::move(there);
    else if (others.size() < limits::spare_datacenters)
      others.push_back(std::move(there));
  }
  guides = take(all, limits::guides_max, reach);
  auto is_linked = [&reach](const auto& each) { return reach(each) == guide_reach::linked; };
  if (std::none_of(guides.begin(), guides.end(), is_linked)) {
    auto more = take(seeds, limits::guides_max, reach);
    guides.insert(guides.end(), more.begin(), more.end());
  }
  std::map<std::string, guide_duty> out;
  for (const auto& each : guides) out[each].asked = true;
  if (needs.serves) {
    auto registrars = take(own, limits::registrars_max, reach);
    if (registrars.empty() && !guides.empty()) registrars.push_back(guides.front());
    for (const auto& each : registrars) out[each].registers = true;
  }
  if (needs.fetches)
    for (const auto& there : others)
      for (const auto& each : take(there, 1, reach)) out[each].asked = true;
  return out;
}

} // namespace argentum::actors
