// SPDX-License-Identifier: Apache-2.0
// Who is best followed? The cost of an upstream is what would lie between the root and us: its own delay from the
// root, half the round trip to it, and limits::hop_cost for each hop of that way; and what our own link costs the
// network, a part of its round trip (limits::far_link_part). Those who hear nothing of the root come last: they are
// of use only when nobody hears of it. For a leaf roots come last of those who hear it. Many leaves ask for the
// same few, so those that none would leave for the other are equal to a leaf: it takes the one that the fewest
// follow, and of these one by lot.
#pragma once

#include "messages/oracle.hpp"

#include <map>
#include <string>
#include <vector>

namespace argentum::actors {

/// What an upstream at that round trip costs, with a delay and so many hops from the root.
std::chrono::microseconds upstream_cost(std::chrono::microseconds delay, std::uint32_t depth,
                                        std::chrono::microseconds rtt);
/// Whether the difference is worth a move.
bool is_worth_a_move(std::chrono::microseconds current, std::chrono::microseconds better);

/// Who asks, and what for.
struct ranking_question {
  std::string node;
  node_role role = node_role::leaf;
  std::string datacenter;
  std::string current;               ///< name of the upstream; empty: none
  std::vector<std::string> refusing; ///< addresses that are left out
  std::chrono::milliseconds stale_after{0};
};

/// Somebody who has answered.
struct ranked_upstream {
  upstream_candidate candidate; ///< its cost is set by the ranking
  std::string datacenter;
};

/// Who follows whom, by name, as far as it is known.
using known_upstreams = std::map<std::string, std::string>;
/// Whether the chain of upstreams above `node` leads to `us`.
bool is_below(std::string node, const std::string& us, const known_upstreams& known);

/// The best first; at equal costs our own datacenter's, then by name. Left out: we ourselves, those below us in
/// the tree, the refusing, and who is full, unless it is the current one or one of its leaves would make room for
/// us.
std::vector<upstream_candidate> rank_upstreams(std::vector<ranked_upstream> found, const ranking_question& what,
                                               const known_upstreams& known);

} // namespace argentum::actors
