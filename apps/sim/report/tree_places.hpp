// SPDX-License-Identifier: Apache-2.0
// The nodes of a scenario as its reports name and group them: by kind, and by the size of their datacenter.
#pragma once

#include "actors/node/node_config.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace argentum::sim {

enum class tree_kind : std::uint8_t { root, intermediate, replica, proxy };
inline constexpr std::size_t tree_kinds = 4;
const char* to_string(tree_kind kind) noexcept;
/// "proxies"
const char* plural(tree_kind kind) noexcept;

struct tree_place {
  std::string name;
  tree_kind kind = tree_kind::replica;
  std::string datacenter;
  std::size_t group = 0;
};

/// Nodes of one kind in datacenters of about one size; all of the kind if no node names a datacenter.
struct tree_group {
  std::string name; ///< "proxies" or "proxies, datacenters of 4 to 7 leaves"
  tree_kind kind = tree_kind::replica;
  std::size_t datacenters = 0;
  std::size_t nodes = 0;
};

struct tree_places {
  std::vector<tree_place> nodes; ///< as in the scenario
  std::vector<tree_group> groups;
  std::vector<std::string> instances;
  bool has_datacenters = false;

  explicit tree_places(const std::vector<actors::node_config>& configs);
  /// The number of nodes if there is none of that name.
  std::size_t find(const std::string& name) const;

 private:
  std::unordered_map<std::string, std::size_t> numbers_;
};

} // namespace argentum::sim
