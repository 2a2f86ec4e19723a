// SPDX-License-Identifier: Apache-2.0
// Nodes that somebody tells about again and again. One that is not told of any more goes, but only if others still
// are: who hears nothing keeps what it knows.
#pragma once

#include "messages/oracle.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace argentum::actors {

class confirmed_contacts {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// A node has one address, the last one told.
  void confirm(const contact& who, time_point now);
  /// Drops what was not confirmed for limits::contact_memory, unless that is all; and the oldest beyond `most`.
  void forget(time_point now, std::size_t most);
  std::vector<contact> all() const;
  /// When one of them was told last.
  time_point newest() const;

 private:
  struct entry {
    std::string address;
    time_point confirmed;
  };
  std::map<std::string, entry> rows_; ///< by node
};

} // namespace argentum::actors
