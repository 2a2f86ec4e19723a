// SPDX-License-Identifier: Apache-2.0
// Which links have said an acceptable hello. Messages about an instance go from the transport straight to that
// instance's actor, past the router that judges the hello; this gate keeps the messages of strangers out. The
// router is its only writer. No message of an honest peer is lost here: whoever was dialled sends its hello only
// after it has let the dialler in, and the dialler sends nothing but its own hello before it has seen that one.
#pragma once

#include "messages/types.hpp"

#include <atomic>
#include <shared_mutex>
#include <unordered_map>

namespace argentum::actors {

/// Thread-safe.
class link_gate {
 public:
  /// From now on messages of this link pass.
  void let_in(link_id link);
  void shut(link_id link);
  /// Asks for one message, and counts it if it may pass.
  bool pass(link_id link);
  /// Messages that passed: it grows while the peer is alive, even if its pongs wait behind a bulk transfer.
  std::uint64_t passed(link_id link) const;

 private:
  mutable std::shared_mutex mutex_;
  std::unordered_map<link_id, std::atomic<std::uint64_t>> links_;
};

} // namespace argentum::actors
