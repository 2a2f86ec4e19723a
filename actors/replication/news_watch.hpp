// SPDX-License-Identifier: Apache-2.0
// Is the upstream still connected to the root? Its heartbeats carry a number that the root counts up; one that
// stays the same for too long means that the path is cut somewhere above, whatever the link itself says.
#pragma once

#include "actors/wake_up.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace argentum::actors {

class news_watch {
 public:
  /// A new attempt with an upstream: it has all the time again.
  void start(time_point now) noexcept {
    last_.reset();
    since_ = now;
  }
  /// Whether they are others than before.
  bool heard(std::uint64_t news, time_point now) noexcept {
    if (last_ == news) return false;
    last_ = news;
    since_ = now;
    return true;
  }
  bool stale(time_point now, caf::actor_clock::duration_type after) const noexcept { return now - since_ >= after; }

 private:
  std::optional<std::uint64_t> last_;
  time_point since_;
};

/// A node that stands on its upstream's path would follow itself.
inline bool is_cycle(const std::vector<std::string>& path, const std::string& node) {
  return std::find(path.begin(), path.end(), node) != path.end();
}

} // namespace argentum::actors
