// SPDX-License-Identifier: Apache-2.0
// Messages and bytes by what kinds of nodes speak, whether they are in one datacenter, and what kind of message it
// is. Bytes are those of the codec, without TCP, TLS and compression.
#pragma once

#include "apps/sim/report/tree_places.hpp"
#include "messages/peer_message.hpp"

#include <array>
#include <variant>

namespace argentum::sim {

inline constexpr std::size_t message_kinds = std::variant_size_v<peer_body>;
/// "entry_batch"
const char* message_name(std::size_t kind) noexcept;

struct message_sum {
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
};

/// One direction between two kinds of nodes.
struct traffic_row {
  tree_kind from = tree_kind::root;
  tree_kind to = tree_kind::root;
  bool between_datacenters = false;
  message_sum all;
  std::array<message_sum, message_kinds> by_kind;
};

/// "root to intermediate", and where datacenters have names, whether it leaves one.
std::string link_name(const traffic_row& row, bool has_datacenters);

class traffic {
 public:
  void add(tree_kind from, tree_kind to, bool between_datacenters, std::size_t kind, std::size_t bytes) {
    auto& sum =
        sums_[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)][between_datacenters ? 1 : 0][kind];
    ++sum.messages;
    sum.bytes += bytes;
  }
  /// Those that were used, the root's first.
  std::vector<traffic_row> rows() const;

 private:
  std::array<std::array<std::array<std::array<message_sum, message_kinds>, 2>, tree_kinds>, tree_kinds> sums_{};
};

} // namespace argentum::sim
