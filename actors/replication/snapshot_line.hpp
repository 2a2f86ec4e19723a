// SPDX-License-Identifier: Apache-2.0
// The line before the one bootstrap that a source serves at a time.
#pragma once

#include "messages/types.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <vector>

namespace argentum::actors {

class snapshot_line {
 public:
  struct place {
    link_id link;
    std::uint32_t ahead = 0; ///< bootstraps before this one, with the running one
    friend bool operator==(const place&, const place&) = default;
  };

  /// At the end; who waits already keeps the place.
  void join(link_id link) {
    if (find(link) == line_.end()) line_.push_back({link, {}});
  }
  void leave(link_id link) {
    auto found = find(link);
    if (found != line_.end()) line_.erase(found);
  }
  std::optional<link_id> first() const {
    if (line_.empty()) return {};
    return line_.front().link;
  }
  /// Who has to be told a new place.
  std::vector<place> moved() {
    std::vector<place> out;
    std::uint32_t ahead = 0;
    for (auto& who : line_) {
      ++ahead;
      if (who.told == ahead) continue;
      who.told = ahead;
      out.push_back({who.link, ahead});
    }
    return out;
  }

 private:
  struct waiting {
    link_id link;
    std::optional<std::uint32_t> told;
  };
  std::deque<waiting>::iterator find(link_id link) {
    return std::find_if(line_.begin(), line_.end(), [&](const waiting& w) { return w.link == link; });
  }
  std::deque<waiting> line_;
};

} // namespace argentum::actors
