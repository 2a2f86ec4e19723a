// SPDX-License-Identifier: Apache-2.0
// The words that every part of Argentum shares (see ARCHITECTURE.md, "Words").
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>

namespace argentum {

/// Number of an entry in its instance's log: 1, 2, 3 ... with no gaps; 0 is "before the first".
using index_t = std::uint64_t;

/// Grows each time another root takes over an instance; the first root starts epoch 1.
using epoch_t = std::uint64_t;

/// Running hash over the encoded entries, see chain.hpp; 0 before the first entry.
using chain_t = std::uint64_t;

/// Wall time at the root, microseconds since the Unix epoch; never decreases along a log.
using stamp_t = std::chrono::sys_time<std::chrono::microseconds>;

/// Names one point of one log. Equal index and unequal chain means divergence.
struct position {
  epoch_t epoch = 0;
  index_t index = 0;
  chain_t chain = 0;
  friend bool operator==(const position&, const position&) = default;
};

/// Random 128-bit identity that the root draws when it creates an instance; all zero = not known yet.
struct instance_id {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  bool known() const noexcept { return high != 0 || low != 0; }
  friend bool operator==(const instance_id&, const instance_id&) = default;
};

/// What one instance is on one node: everything plus history, or all keys and the values in use.
enum class instance_role : std::uint8_t { replica = 1, proxy = 2 };

/// A node's place in the tree.
enum class node_role : std::uint8_t { root = 1, intermediate = 2, leaf = 3 };

/// One established connection between two nodes; unique within a process, never reused; 0 = none.
struct link_id {
  std::uint64_t value = 0;
  friend auto operator<=>(const link_id&, const link_id&) = default;
};

std::string to_string(const instance_id& id);
std::string to_string(const position& where);
const char* to_string(instance_role role) noexcept;
const char* to_string(node_role role) noexcept;

} // namespace argentum

template <>
struct std::hash<argentum::link_id> {
  std::size_t operator()(const argentum::link_id& link) const noexcept {
    return std::hash<std::uint64_t>{}(link.value);
  }
};
