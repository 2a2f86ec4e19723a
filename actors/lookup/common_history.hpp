// SPDX-License-Identifier: Apache-2.0
// How far a replica's log is the same as the one that a proxy is on. A version names one value within one log only:
// after a root has lost entries, the same index may have been written twice. The proxy shows positions of its log;
// one that is on ours too proves that both are the same up to there, since the chain is a hash of all before it.
// What was proven stays so: a log only grows. So it is remembered, and mostly costs no look at the log.
#pragma once

#include "storage/store.hpp"

#include <map>
#include <vector>

namespace argentum::actors {

class common_history {
 public:
  struct extent {
    index_t upto = 0; ///< the logs are equal up to here, at least
    /// Why no more is known: behind (our index), pruned (our log starts there) or diverged.
    lookup_answer beyond;
  };

  /// Looks until `wanted` is proven or there is no more to look at. `trail` is of the proxy, oldest first.
  caf::expected<extent> with(const std::vector<position>& trail, index_t wanted,
                             const std::shared_ptr<const storage::read_view>& ours);

 private:
  struct proof {
    position at;
    std::uint64_t used = 0;
  };
  bool is_proven(const position& at);
  void remember(const position& at);
  void forget_oldest();

  data_source source_;              ///< whose log the proofs are about
  std::map<index_t, proof> proofs_; ///< at most limits::common_positions_max
  std::uint64_t uses_ = 0;
};

} // namespace argentum::actors
