// SPDX-License-Identifier: Apache-2.0
// What the evictor will do, from outside and about once a second: when the values of a proxy are more than it may
// keep, those go that nobody has read for longest. Values in the window stay, as always.
#pragma once

#include "apps/sim/random_source.hpp"
#include "storage/store.hpp"

#include <functional>
#include <string>
#include <unordered_map>

namespace argentum::sim {

class value_budget {
 public:
  /// `bytes` of values may stay.
  explicit value_budget(std::uint64_t bytes) : bytes_(bytes) {}

  void note_read(const std::string& key, vtime now) { last_read_[key] = now; }
  /// Looks at all values that are there; `evict` says whether one is gone now.
  void enforce(const storage::read_view& view, const std::function<bool(const std::string& key)>& evict) const;

 private:
  std::uint64_t bytes_;
  std::unordered_map<std::string, vtime> last_read_; ///< looked up only: its order is not the seed's
};

} // namespace argentum::sim
