// SPDX-License-Identifier: Apache-2.0
#include "actors/peer/link_gate.hpp"

#include <mutex>

namespace argentum::actors {

void link_gate::let_in(link_id link) {
  std::unique_lock lock{mutex_};
  links_.try_emplace(link);
}

void link_gate::shut(link_id link) {
  std::unique_lock lock{mutex_};
  links_.erase(link);
}

bool link_gate::pass(link_id link) {
  std::shared_lock lock{mutex_};
  auto it = links_.find(link);
  if (it == links_.end()) return false;
  it->second.fetch_add(1, std::memory_order_relaxed);
  return true;
}

std::uint64_t link_gate::passed(link_id link) const {
  std::shared_lock lock{mutex_};
  auto it = links_.find(link);
  return it == links_.end() ? 0 : it->second.load(std::memory_order_relaxed);
}

} // namespace argentum::actors
