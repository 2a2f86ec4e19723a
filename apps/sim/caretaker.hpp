// SPDX-License-Identifier: Apache-2.0
// Does what the manual tells people to do: a node that says that its data is not its upstream's gets an empty disk
// (apps/README.md, durability). It goes by what the node says and by nothing else.
#pragma once

#include "apps/sim/sim_node.hpp"

#include <memory>
#include <vector>

namespace argentum::sim {

class caretaker {
 public:
  /// `nodes` outlive it; the root is the first.
  caretaker(surroundings& around, const std::vector<std::unique_ptr<sim_node>>& nodes)
      : around_(around), nodes_(nodes) {}

  /// The root may lose what it acknowledged. Else no node ever diverges, and one that says so is not helped.
  bool needed() const;
  /// From now on looks at all nodes every few seconds, if needed.
  void begin();

 private:
  void look();

  surroundings& around_;
  const std::vector<std::unique_ptr<sim_node>>& nodes_;
};

} // namespace argentum::sim
