// SPDX-License-Identifier: Apache-2.0
// SCAN cursors: a number for "after this key". Redis' clients expect decimal numbers, so the keys stay here, in a
// bounded table of the node. As keys are walked in order, a full iteration returns every key that exists from its
// start to its end. A cursor may be used again (a client that lost the reply) until its successor is used; of a
// finished or abandoned iteration at most two stay, until newer ones push them out.
#pragma once

#include "messages/limits.hpp"
#include "messages/metrics.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace argentum::net {

class scan_cursors {
 public:
  /// `dropped` counts the cursors that newer ones have pushed out.
  explicit scan_cursors(counter& dropped, std::size_t count_max = limits::scan_cursors_max)
      : dropped_(dropped), count_max_(count_max) {}

  /// A new cursor of `instance` behind `last_key`; `previous` is the one it goes on from, 0 = the start.
  std::uint64_t add(std::size_t instance, std::string last_key, std::uint64_t previous);
  /// The last key; nothing if the cursor was never given out for this instance, or is forgotten. Ends its
  /// predecessor.
  std::optional<std::string> use(std::size_t instance, std::uint64_t cursor);
  std::size_t size() const;

 private:
  struct place {
    std::size_t instance;
    std::string last_key;
    std::uint64_t previous;
  };

  counter& dropped_;
  const std::size_t count_max_;
  mutable std::mutex mutex_;
  std::map<std::uint64_t, place> places_; ///< in order of age
  std::uint64_t last_ = 0;
};

} // namespace argentum::net
