// SPDX-License-Identifier: Apache-2.0
// What a node's oracle knows, for people and tests: published as a whole, about once a second. What was counted is
// in node_metrics.
#pragma once

#include "messages/oracle.hpp"
#include "messages/shared_slot.hpp"

#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace argentum {

/// Of a root or intermediate. Who follows whom is in the statuses.
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

/// Of a leaf, which is no member but knows some.
struct leaf_report {
  struct place {
    std::string datacenter;
    std::chrono::microseconds rtt{0}; ///< from our own datacenter
    std::chrono::milliseconds age{0}; ///< since any of these was named, or read from what was kept
    std::vector<contact> contacts;
  };
  /// A node that we want a link to, or that we leave alone for a while.
  struct guide {
    std::string address;
    std::string datacenter; ///< as its hello said; empty: there was none
    bool linked = false, asked = false, registers = false;
    unsigned failures = 0; ///< in a row
    std::chrono::milliseconds rest{0};
  };
  struct proxy {
    std::string instance;
    set_replicas told;
  };
  contact own;
  std::string datacenter;
  std::vector<std::string> served; ///< replica instances that are registered
  std::vector<place> places;       ///< the nearest first
  std::vector<guide> guides;
  std::vector<proxy> proxies;
};

using oracle_knowledge = std::variant<oracle_report, leaf_report>;
/// Null in it: nothing published yet, or no oracle.
using oracle_slot = shared_slot<const oracle_knowledge>;

} // namespace argentum
