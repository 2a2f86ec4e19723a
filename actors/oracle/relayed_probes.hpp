// SPDX-License-Identifier: Apache-2.0
// Probes that we do for others: who has asked, with which token, and whether it must hear that there is no answer.
// At most limits::relayed_probes_max at a time.
#pragma once

#include "messages/oracle_limits.hpp"

#include <chrono>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace argentum::actors {

class relayed_probes {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  struct relay {
    std::string asker; ///< address
    std::uint64_t its_token = 0;
    time_point since;
    bool missed = false; ///< the asker was told so
  };

  /// False: too many.
  bool add(std::uint64_t token, relay r) {
    return relays_.size() < limits::relayed_probes_max && relays_.emplace(token, std::move(r)).second;
  }
  /// Whose answer that is.
  std::optional<relay> answered(std::uint64_t token) {
    auto it = relays_.find(token);
    if (it == relays_.end()) return {};
    auto out = std::move(it->second);
    relays_.erase(it);
    return out;
  }
  /// Those whose asker must be told now that there is no answer yet, each once; old ones are forgotten.
  std::vector<relay> missed(time_point now) {
    std::vector<relay> out;
    for (auto it = relays_.begin(); it != relays_.end();) {
      auto& r = it->second;
      bool overdue = !r.missed && now - r.since >= limits::probe_missed_after;
      if (overdue) out.push_back(r);
      r.missed |= overdue;
      it = now - r.since >= 2 * limits::probe_interval ? relays_.erase(it) : std::next(it);
    }
    return out;
  }
  /// When `missed` is to be asked next.
  std::optional<time_point> due() const {
    std::optional<time_point> first;
    for (const auto& [token, r] : relays_) {
      if (!r.missed && (!first || r.since < *first)) first = r.since;
    }
    return first ? std::optional{*first + limits::probe_missed_after} : first;
  }

 private:
  std::map<std::uint64_t, relay> relays_;
};

} // namespace argentum::actors
