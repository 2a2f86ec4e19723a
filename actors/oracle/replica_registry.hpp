// SPDX-License-Identifier: Apache-2.0
// The replica leaves of a datacenter, as they register with its intermediates. Each says all its instances again
// and again; what it does not repeat within its time to live is forgotten. Bounds: limits::registered_replicas_max
// in all, limits::replica_ttl.
#pragma once

#include "messages/oracle.hpp"

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace argentum::actors {

class replica_registry {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Replaces what that node said before; without instances it is forgotten. False if there is no room: then it is
  /// forgotten too.
  bool enter(const register_replica& what, time_point now);
  /// Forgets those whose time is over.
  void expire(time_point now);
  /// At most so many replicas of an instance, but not the asker itself; of more, each asker gets others, always the
  /// same ones.
  std::vector<contact> of(const std::string& instance, const std::string& asker, std::size_t most) const;
  /// Instances of nodes: a node counts once for each.
  std::size_t size() const noexcept { return size_; }

 private:
  struct registration {
    std::string address;
    std::vector<std::string> instances;
    time_point until;
  };
  void forget(const std::string& node);

  std::map<std::string, registration> nodes_;
  std::map<std::string, std::set<std::string>> by_instance_; ///< their nodes
  std::size_t size_ = 0;
};

} // namespace argentum::actors
