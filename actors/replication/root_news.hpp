// SPDX-License-Identifier: Apache-2.0
// What a node tells its downstreams about the root: the root makes it, everybody else hands on what its upstream
// said, with its own name at the end of the path. Before there is news, nothing is said.
#pragma once

#include "messages/replication.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace argentum::actors {

class root_news {
 public:
  explicit root_news(std::string node = {}) : node_(std::move(node)) {}

  /// At the root: time has passed. The number grows over its restarts, too, as its clock does.
  void make(index_t head, stamp_t stamp, stamp_t now) {
    auto wall = static_cast<std::uint64_t>(std::max<std::int64_t>(now.time_since_epoch().count(), 1));
    auto count = std::max(current_ ? current_->news + 1 : 1, wall);
    current_ = heartbeat{head, stamp, now, count, {node_}, {}};
  }
  /// Below the root. True if it is worth telling at once: newer, or by another path.
  bool hand_on(heartbeat from_upstream) {
    from_upstream.path.push_back(node_);
    auto changed = !current_ || current_->news != from_upstream.news || current_->path != from_upstream.path;
    current_ = std::move(from_upstream);
    return changed;
  }
  const std::optional<heartbeat>& current() const noexcept { return current_; }

 private:
  std::string node_;
  std::optional<heartbeat> current_;
};

} // namespace argentum::actors
