// SPDX-License-Identifier: Apache-2.0
// What a node's oracle knows, for people and tests: published as a whole, about once a second. Who follows whom is
// in the statuses; what was counted is in node_metrics.
#pragma once

#include "messages/oracle.hpp"

#include <memory>
#include <vector>

namespace argentum {

struct oracle_report {
  struct row {
    std::shared_ptr<const member> who;
    std::chrono::milliseconds in_state{0};
    std::chrono::microseconds rtt{0}; ///< to it, smoothed if measured, else estimated from the coordinates
    bool measured = false;
    std::chrono::microseconds rtt_error{0}; ///< its variation if measured, else how wrong the estimate may be
    std::vector<instance_status> statuses;  ///< as last heard; their ages are as of this report
  };
  member own;
  unsigned health = 0; ///< see node_metrics::oracle_health
  std::vector<instance_status> statuses;
  std::vector<row> members; ///< all others that are known, the dead too
};

} // namespace argentum
