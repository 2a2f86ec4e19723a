// SPDX-License-Identifier: Apache-2.0
// What an intermediate answers to leaves that ask who is near: datacenters in the order of their distance from the
// asker's own, with some of their members, and the replicas that have registered here. The distance of two
// datacenters is the median of the round trips between some members of theirs: measured by this node if one of the
// two is its own, else estimated from coordinates. Bounds: limits::near_groups_max, near_contacts_max,
// near_replicas_max.
#pragma once

#include "actors/oracle/replica_registry.hpp"
#include "messages/oracle.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace argentum::actors {

struct near_member {
  member who;
  std::optional<std::chrono::microseconds> rtt; ///< to this node, if measured
};

class nearest {
 public:
  /// Round trip between two coordinates.
  using distance = std::function<std::chrono::microseconds(const coordinate&, const coordinate&)>;

  /// `datacenter`: this node's own.
  nearest(std::string datacenter, distance estimate)
      : datacenter_(std::move(datacenter)), estimate_(std::move(estimate)) {}

  /// Replaces what is known of all members, this node among them. Costs a walk over all: once a second is enough.
  void know(const std::vector<near_member>& members);
  /// Who asks from a datacenter without members gets the order as it is from this node's.
  nearest_reply answer(const nearest_request& asked, const replica_registry& replicas);

 private:
  struct place {
    std::vector<near_member> members; ///< some of them: enough for a distance
    std::vector<contact> alive, suspect;
  };
  struct neighbour {
    std::chrono::microseconds rtt{0};
    std::string datacenter;
  };
  const std::vector<neighbour>& around(const std::string& datacenter);
  std::chrono::microseconds between(const std::string& a, const std::string& b) const;

  const std::string datacenter_;
  const distance estimate_;
  std::map<std::string, place> places_;
  std::map<std::string, std::vector<neighbour>> around_; ///< of those that were asked for since `know`
};

} // namespace argentum::actors
