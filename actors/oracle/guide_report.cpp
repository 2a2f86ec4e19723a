// SPDX-License-Identifier: Apache-2.0
// What the guide knows, for people.
#include "actors/oracle/guide.hpp"

#include <algorithm>

namespace argentum::actors {

namespace {

std::chrono::milliseconds positive(std::chrono::steady_clock::duration span) {
  return std::max(std::chrono::milliseconds{0}, std::chrono::duration_cast<std::chrono::milliseconds>(span));
}

} // namespace

leaf_report guide_state::report() const {
  auto t = now();
  leaf_report out;
  out.own = {config.node, config.address};
  out.datacenter = config.datacenter;
  out.served = served;
  for (auto& each : book.places())
    out.places.push_back(
        {std::move(each.datacenter), each.rtt, positive(t - each.confirmed), std::move(each.contacts)});
  for (const auto& [address, row] : guides.rows())
    out.guides.push_back({address, row.datacenter, row.link.value != 0, row.duty.asked, row.duty.registers,
                          row.failures, positive(row.rest_until - t)});
  for (const auto& instance : proxies.instances()) out.proxies.push_back({instance, proxies.told(instance)});
  return out;
}

} // namespace argentum::actors
