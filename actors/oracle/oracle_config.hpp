// SPDX-License-Identifier: Apache-2.0
// How a node finds others, as plain values.
#pragma once

#include "messages/oracle_limits.hpp"

#include <string>
#include <vector>

namespace argentum::actors {

struct oracle_config {
  std::vector<std::string> seeds; ///< peer addresses of some roots and intermediates; none on the first of all
  std::string address;            ///< "host:port" at which other nodes reach this one's peer listener
};

/// Where DNS knows the replicas of one datacenter.
struct service_place {
  std::string datacenter;
  std::string pattern;              ///< of the names of SRV records, with {instance} and {datacenter}
  std::vector<std::string> servers; ///< "ip" or "ip:port" of name servers; none: those of the system
};

} // namespace argentum::actors
