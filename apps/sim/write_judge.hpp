// SPDX-License-Identifier: Apache-2.0
// Judges the answers of one instance's writes by the root's log. A write that changes something is the entry of its
// index, the whole of it and nobody else's, and answers what the keys were just before it. One that changes nothing
// answers what they are at its index.
#pragma once

#include "apps/sim/truth.hpp"
#include "messages/write.hpp"

#include <set>

namespace argentum::sim {

struct asked_write {
  std::vector<write_op> ops;
  std::vector<expected_version> expected = {};
};

class write_judge {
 public:
  /// A text for people if `result` is wrong.
  std::optional<std::string> judge(const truth& log, const asked_write& asked, const write_result& result);
  /// The log goes on as another one after this entry.
  void lost_after(index_t left) { taken_.erase(taken_.upper_bound(left), taken_.end()); }

 private:
  std::set<index_t> taken_; ///< entries that a writer was told are his
};

} // namespace argentum::sim
