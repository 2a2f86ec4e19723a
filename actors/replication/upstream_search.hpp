// SPDX-License-Identifier: Apache-2.0
// What a sink tells its oracle, and when it asks: who has refused it lately, whom those have named instead, and
// whether somebody cheaper than the current upstream is worth a move. A tree whose nodes move for little never
// settles, so a move has to save much, and one has to be long ago.
#pragma once

#include "actors/wake_up.hpp"
#include "messages/oracle.hpp"

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace argentum::actors {

class upstream_search {
 public:
  explicit upstream_search(std::uint64_t seed = 0) : random_(seed) {}

  /// It has refused us or failed, and is left out for limits::refusal_memory.
  void refused(const std::string& address, time_point now);
  /// Somebody who refused says that these can be asked.
  void named(std::vector<contact> others) { named_ = std::move(others); }
  std::vector<std::string> refusing(time_point now);
  /// Nobody else is left.
  void forgive() { refusals_.clear(); }
  /// To be asked, too; each answer to a refusal is told once.
  std::vector<contact> also() { return std::exchange(named_, {}); }

  /// An upstream is followed from now on.
  void following(time_point now);
  /// Whether it is time to look for somebody cheaper, or, in doubt about the current one, for somebody else; then
  /// it is not for another while.
  bool review_due(time_point now, bool in_doubt);
  /// Whether to leave `current` for `best`; then not again for limits::upstream_move_pause.
  bool moves(const upstream_candidate& current, const upstream_candidate& best, time_point now);

 private:
  void plan_review(time_point now);

  std::mt19937_64 random_;
  std::map<std::string, time_point> refusals_; ///< until when each counts
  std::vector<contact> named_;
  time_point review_;
  time_point doubted_;
  time_point moved_;
};

} // namespace argentum::actors
