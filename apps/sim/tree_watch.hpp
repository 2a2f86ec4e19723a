// SPDX-License-Identifier: Apache-2.0
// Holds the tree to its first promise: nodes never follow each other in a circle. Looks at the whole way up from a
// node when it is let in by another one, just before and just after it takes that in.
#pragma once

#include "apps/sim/sim_node.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace argentum::sim {

class tree_watch {
 public:
  /// `nodes` outlive it, and all members of `around`.
  tree_watch(surroundings& around, const std::vector<std::unique_ptr<sim_node>>& nodes);

  /// A subscription of that node was just accepted.
  void follows(const std::string& node, const std::string& instance);

 private:
  void look(const std::string& node, const std::string& instance) const;
  /// Empty: nobody.
  std::string upstream_of(const std::string& node, const std::string& instance) const;

  surroundings& around_;
  std::map<std::string, const sim_node*> nodes_;
};

} // namespace argentum::sim
