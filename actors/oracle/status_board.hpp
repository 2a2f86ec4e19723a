// SPDX-License-Identifier: Apache-2.0
// How the instances of other members are, as they have said themselves; by way of others, so what is older does not
// replace what is newer. Bounded by the members that there are.
#pragma once

#include "messages/oracle.hpp"

#include <chrono>
#include <string>
#include <unordered_map>
#include <vector>

namespace argentum::actors {

class status_board {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// All of a member's, as of `said`.
  void heard(const std::string& node, const std::vector<instance_status>& statuses, time_point said);
  /// One of them.
  void heard(const std::string& node, const instance_status& status, time_point said);
  void forget(const std::string& node) { rows_.erase(node); }

  /// As said; none: never heard.
  std::vector<instance_status> said(const std::string& node) const;
  /// Since that.
  std::chrono::milliseconds age(const std::string& node, time_point now) const;
  /// The same, but with ages as of now.
  std::vector<instance_status> of(const std::string& node, time_point now) const;

 private:
  struct row {
    time_point said;
    std::vector<instance_status> statuses;
  };
  std::unordered_map<std::string, row> rows_; ///< by node
};

} // namespace argentum::actors
