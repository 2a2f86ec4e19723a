// SPDX-License-Identifier: Apache-2.0
// A proxy asks a replica for values that it knows the version of.
#pragma once

#include "messages/types.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace argentum {

/// The answer to "what was this key at that index". Never a guess: a replica that has not reached the index says
/// behind, one that has dropped the history says pruned, one whose log is another there says diverged. Failed and
/// later say nothing about the key.
enum class lookup_status : std::uint8_t {
  found = 1,
  absent = 2,
  behind = 3,
  pruned = 4,
  failed = 5, ///< cannot read: ask another replica
  later = 6,  ///< the answer is full (limits::lookup_answer_bytes): ask again
  diverged = 7,
};

struct lookup_answer {
  lookup_status status = lookup_status::absent;
  index_t index = 0; ///< found: version; behind: the replica's index; pruned: its horizon; else 0
  std::string value; ///< found only
  friend bool operator==(const lookup_answer&, const lookup_answer&) = default;
};

struct lookup_item {
  std::string key;
  index_t at_index = 0;
  friend bool operator==(const lookup_item&, const lookup_item&) = default;
};

/// proxy_lookup -> lookup_server
struct lookup_request {
  std::uint64_t id = 0;
  std::vector<lookup_item> items; ///< at most limits::lookup_keys_max
  /// Where the proxy's log has been, oldest first, at most limits::lookup_positions_max. An item is answered only
  /// if one of them at its index or above is on the replica's log: up to there the two logs are the same.
  std::vector<position> trail;
  /// An answer that does not begin, or go on, within this comes too late. 0 = not said.
  std::chrono::microseconds budget{0};
  /// Not sent: when the request came, by the clock of the node that answers (node_inbox).
  std::chrono::steady_clock::time_point arrived{};
  friend bool operator==(const lookup_request&, const lookup_request&) = default;
};

/// lookup_server -> proxy_lookup; a large answer comes in several parts.
struct lookup_response {
  std::uint64_t id = 0;
  std::uint32_t first = 0; ///< number of the request's item that answers[0] belongs to
  std::vector<lookup_answer> answers;
  friend bool operator==(const lookup_response&, const lookup_response&) = default;
};

} // namespace argentum
