// SPDX-License-Identifier: Apache-2.0
// What a leaf knows of who is near: intermediates by datacenter, and replicas of the instances that it is a proxy
// of. It learns from the replies of intermediates, and outlives them and itself as a text. Bounds:
// limits::near_groups_max, near_contacts_max, pool_replicas_max for each instance and datacenter.
#pragma once

#include "actors/oracle/confirmed_contacts.hpp"
#include "messages/oracle.hpp"

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace argentum::actors {

class address_book {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  struct place {
    std::string datacenter;
    std::chrono::microseconds rtt{0};
    std::vector<contact> contacts; ///< in the order of this leaf's lots
    time_point confirmed{};        ///< when one of them was named last
  };

  /// Of the leaf itself.
  address_book() = default;
  address_book(std::string node, std::string datacenter)
      : node_(std::move(node)), datacenter_(std::move(datacenter)) {}

  /// Replicas of other instances than those asked for are ignored.
  void learn(const nearest_reply& reply, const std::string& from_datacenter, const std::set<std::string>& instances,
             time_point now);
  /// Our own datacenter first, then the nearest.
  std::vector<place> places() const;
  /// Those of our own datacenter, then of the nearest others, then those whom we could follow in our own.
  set_replicas replicas_of(const std::string& instance) const;

  /// For `restore` of a later process: a line for each node.
  std::string text() const;
  /// Lines that make no sense are left out.
  void restore(std::string_view text, time_point now);

 private:
  struct group {
    std::chrono::microseconds rtt{0};
    confirmed_contacts contacts;
  };
  void keep_nearest();
  std::vector<std::string> by_distance() const;
  void restore_line(std::string_view line, time_point now);

  std::string node_;
  std::string datacenter_;
  std::map<std::string, group> groups_;                                       ///< by datacenter
  std::map<std::string, std::map<std::string, confirmed_contacts>> replicas_; ///< by instance and datacenter
};

} // namespace argentum::actors
