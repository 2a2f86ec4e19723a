// SPDX-License-Identifier: Apache-2.0
// The links of a leaf to intermediates: which are wanted and what for, and when it is whose turn. A node that can't
// be reached, or that does not answer until its next turn, is left alone for a while, longer each time.
#pragma once

#include "actors/oracle/guide_choice.hpp"
#include "messages/types.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace argentum::actors {

class guide_table {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::steady_clock::duration;

  struct guide_link {
    guide_duty duty;
    bool dialled = false;   ///< asked for, or open
    link_id link;           ///< 0 until it is open
    std::string datacenter; ///< as its hello said
    bool silent = false;    ///< asked, and has not answered yet
    time_point ask_at, register_at;
    unsigned failures = 0; ///< in a row
    time_point rest_until;
  };

  explicit guide_table(std::uint64_t seed = 0) : random_(seed) {}

  guide_reach reach(const std::string& address, time_point now) const;
  /// What is wanted now.
  struct changes {
    std::vector<std::string> dial, release; ///< addresses
  };
  changes want(const std::map<std::string, guide_duty>& duties, time_point now);

  /// Ignored if that link is not wanted any more.
  void opened(const std::string& address, link_id link, const std::string& datacenter, time_point now);
  void closed(const std::string& address, time_point now);
  /// The datacenter of the one who answered our question there; nothing if we have asked nobody there.
  std::optional<std::string> answered(link_id link);

  /// Links whose turn it is to be asked, or to be registered with; each is named once per turn.
  std::vector<link_id> to_ask(time_point now);
  std::vector<link_id> to_register(time_point now);
  /// There is more to ask: now, of all that have answered.
  void ask_again(time_point now);
  /// All that we register with, whosever turn it is.
  std::vector<link_id> registrars() const;
  std::size_t linked() const;
  /// By address.
  const std::map<std::string, guide_link>& rows() const noexcept { return rows_; }

 private:
  time_point next_turn(time_point now);
  void rest(guide_link& which, time_point now);

  std::mt19937_64 random_;
  std::map<std::string, guide_link> rows_; ///< by address
};

} // namespace argentum::actors
