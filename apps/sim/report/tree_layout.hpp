// SPDX-License-Identifier: Apache-2.0
// Where the shapes of a drawn tree stand, without saying yet what a position looks like: every shape without
// followers gets a slot of its own, in the order of a walk through the tree, and every other one stands in the
// middle of its followers.
#pragma once

#include "apps/sim/report/run_report.hpp"

#include <map>
#include <string>
#include <vector>

namespace argentum::sim {

/// A node, or several leaves that are alike.
struct tree_shape {
  static constexpr std::size_t nobody = SIZE_MAX;
  std::string label;
  std::string title; ///< all there is to say, for a pointer
  tree_kind kind = tree_kind::root;
  std::size_t parent = nobody;
  std::size_t count = 1;
  std::size_t down = 0; ///< of these
  std::size_t depth = 0;
  double slot = 0;
  bool has_followers = false;
};

struct tree_layout {
  /// Leaves above which they are put together.
  static constexpr std::size_t single_leaves_max = 400;

  std::vector<tree_shape> shapes; ///< the root first
  double slots = 0;
  std::size_t depth = 0; ///< of the deepest

  explicit tree_layout(const std::vector<node_row>& nodes);

 private:
  void add_shapes(const std::vector<node_row>& nodes);
  void place(std::size_t shape, std::size_t depth, const std::vector<std::vector<std::size_t>>& followers);
};

} // namespace argentum::sim
