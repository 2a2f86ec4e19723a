// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/fed_proxies.hpp"

namespace argentum::actors {

std::vector<std::string> fed_proxies::instances() const {
  std::vector<std::string> out;
  for (const auto& [instance, fed] : rows_) out.push_back(instance);
  return out;
}

const set_replicas& fed_proxies::told(const std::string& instance) const {
  static const set_replicas nothing;
  auto found = rows_.find(instance);
  return found == rows_.end() ? nothing : found->second.told;
}

std::vector<fed_proxies::news>
fed_proxies::changes(const std::function<set_replicas(const std::string& instance)>& replicas_of) {
  std::vector<news> out;
  for (auto& [instance, fed] : rows_) {
    auto found = replicas_of(instance);
    if (found.replicas.empty() || found.replicas == fed.told.replicas) continue;
    fed.told = found;
    out.push_back({fed.proxy, std::move(found)});
  }
  return out;
}

} // namespace argentum::actors
