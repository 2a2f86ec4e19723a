// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/caretaker.hpp"

#include <algorithm>

namespace argentum::sim {

using namespace std::chrono_literals;

namespace {

bool says_diverged(const sim_node& node) {
  for (std::size_t n = 0; n < node.config().instances.size(); ++n)
    if (node.instance(n).metrics->diverged.value() != 0) return true;
  return false;
}

} // namespace

bool caretaker::needed() const {
  const auto& instances = nodes_.front()->config().instances;
  return std::any_of(instances.begin(), instances.end(),
                     [](const auto& each) { return each.commit == actors::durability::os; });
}

void caretaker::begin() {
  if (!needed()) return;
  around_.clock.after(5s, [this] {
    look();
    begin();
  });
}

void caretaker::look() {
  for (const auto& node : nodes_) {
    if (!node->serves() || !says_diverged(*node)) continue;
    node->stop();
    node->wipe();
    node->start();
  }
}

} // namespace argentum::sim
