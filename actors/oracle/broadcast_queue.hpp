// SPDX-License-Identifier: Apache-2.0
// News on their way to all: each piece is sent a few times by everybody who has heard it, which reaches all with
// high probability (SWIM). Newer news of a member replace the older. Those sent least go first, of these the
// youngest. Bounded by the members that there are.
#pragma once

#include "messages/gossip.hpp"

#include <cstdint>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace argentum::actors {

class broadcast_queue {
 public:
  void add(member_news news);
  /// Adds to `out` what fits into `bytes`, in a deployment of `members`.
  void take(std::size_t bytes, std::size_t members, std::vector<member_news>& out);
  bool empty() const noexcept { return order_.empty(); }
  std::size_t size() const noexcept { return order_.size(); }

 private:
  struct key {
    std::size_t sent = 0;
    std::uint64_t age = 0; ///< falls with each one added
    auto operator<=>(const key&) const = default;
  };
  struct item {
    member_news news;
    key place;
  };

  std::unordered_map<std::string, item> items_; ///< by node
  std::set<std::pair<key, std::string>> order_; ///< of all items
  std::uint64_t next_age_ = ~std::uint64_t{0};
};

/// How often each piece of news is sent.
std::size_t transmissions(std::size_t members) noexcept;

} // namespace argentum::actors
