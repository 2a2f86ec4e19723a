// SPDX-License-Identifier: Apache-2.0
// Why no nodes ever follow each other in a circle, however many switch at once: every node has a place in a total
// order, (number of the root's news, nearness to the root as of them, role, name), and follows only who stands
// above it. A place never falls: news grow, and of the same news only the shortest way heard counts. What an
// upstream says of the root puts its follower below it again, so along the edges of the tree places always rise,
// and in a circle they could not. This is the feasibility condition of DSDV and Babel (RFC 8966, 3.5), with the
// root's news as sequence number. Who is refused waits for fresher news: they come each second.
#pragma once

#include "messages/oracle.hpp"
#include "messages/oracle_limits.hpp"
#include "messages/replication.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace argentum::actors {

/// Cost of the way along a heartbeat's path: half of all round trips, and the processing on each hop.
inline std::chrono::microseconds distance_of(const heartbeat& news) {
  return news.delay + (std::max<std::size_t>(news.path.size(), 1) - 1) * limits::hop_cost;
}

struct tree_place {
  std::uint64_t news = 0; ///< 0 = none heard
  std::chrono::microseconds distance{0};
  node_role role = node_role::leaf;
  std::string node;
};

/// Whether `a` may follow `b`.
inline bool stands_below(const tree_place& a, const tree_place& b) {
  auto order = [](const tree_place& p) {
    return std::tuple{p.news, -p.distance.count(), -static_cast<int>(p.role), std::string_view{p.node}};
  };
  return order(a) < order(b);
}

class loop_guard {
 public:
  explicit loop_guard(node_role role = node_role::leaf, std::string node = {})
      : own_{0, std::chrono::microseconds{0}, role, std::move(node)} {}

  /// Whether an upstream that says this of the root can be followed. The root itself follows nobody.
  bool allows(const std::optional<heartbeat>& news, node_role role, const std::string& node) const {
    if (role == node_role::root) return true;
    tree_place theirs{0, std::chrono::microseconds{0}, role, node};
    if (news) {
      theirs.news = news->news;
      theirs.distance = distance_of(*news);
    }
    return stands_below(own_, theirs);
  }
  /// Whether it is nearer to the root than this node, as it says of itself: then it can be followed for long.
  bool is_nearer(const instance_status& theirs, node_role role) const {
    return role == node_role::root || theirs.delay + theirs.depth * limits::hop_cost < own_.distance;
  }
  /// From the upstream that is followed, which is `away`. Older news than ours: the root came back with an earlier
  /// clock, and its numbers count from there.
  void heard(const heartbeat& news, std::chrono::microseconds away) noexcept {
    auto distance = distance_of(news) + away + limits::hop_cost;
    if (news.news != own_.news || distance < own_.distance) own_.distance = distance;
    own_.news = news.news;
  }
  /// Nobody follows this node any more, so it may stand anywhere.
  void start_over() noexcept {
    own_.news = 0;
    own_.distance = {};
  }
  const tree_place& own() const noexcept { return own_; }

 private:
  tree_place own_;
};

} // namespace argentum::actors
