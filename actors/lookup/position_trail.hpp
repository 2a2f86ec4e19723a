// SPDX-License-Identifier: Apache-2.0
// Where a proxy's log has been, for replicas to see which log that is. A proxy keeps no log, and a replica can
// judge a position only while it is inside its own: so the trail has positions of every age, spaced the wider the
// older they are. Of a handful, one then lies between the version that is asked for and a replica that lags.
#pragma once

#include "messages/types.hpp"

#include <vector>

namespace argentum::actors {

class position_trail {
 public:
  /// The log has come to `now`. Older news change nothing.
  void note(const position& now);
  void clear() noexcept { positions_.clear(); }
  /// Oldest first; at most limits::lookup_positions_max.
  const std::vector<position>& positions() const noexcept { return positions_; }

 private:
  void thin_out();

  std::vector<position> positions_;
};

} // namespace argentum::actors
