// SPDX-License-Identifier: Apache-2.0
#include "actors/lookup/common_history.hpp"

#include "messages/limits.hpp"

#include <algorithm>

namespace argentum::actors {

caf::expected<common_history::extent> common_history::with(const std::vector<position>& trail, index_t wanted,
                                                           const std::shared_ptr<const storage::read_view>& ours) {
  if (!same_source(source_, ours)) proofs_.clear();
  source_ = ours;
  extent known{0, {lookup_status::behind, ours->applied(), {}}};
  auto proven = std::find_if(trail.rbegin(), trail.rend(), [this](const position& at) { return is_proven(at); });
  if (proven != trail.rend()) known.upto = proven->index;
  bool ahead = false; // of us is the proxy
  for (auto at = trail.rbegin(); at != proven && known.upto < wanted; ++at) {
    auto check = ours->check(*at);
    if (!check) return check.error();
    auto verdict = check->verdict;
    if (verdict == subscribe_verdict::behind) ahead = true;
    if (verdict == subscribe_verdict::diverged) known.beyond = {lookup_status::diverged, 0, {}};
    if (verdict == subscribe_verdict::need_snapshot) {
      if (!ahead && known.beyond.status == lookup_status::behind)
        known.beyond = {lookup_status::pruned, ours->horizon(), {}};
      break; // what is before it is too old as well
    }
    if (verdict != subscribe_verdict::accepted) continue;
    remember(*at);
    known.upto = at->index;
    break;
  }
  return known;
}

bool common_history::is_proven(const position& at) {
  auto found = proofs_.find(at.index);
  if (found == proofs_.end() || found->second.at != at) return false;
  found->second.used = ++uses_;
  return true;
}

void common_history::remember(const position& at) {
  proofs_[at.index] = {at, ++uses_};
  if (proofs_.size() > limits::common_positions_max) forget_oldest();
}

void common_history::forget_oldest() {
  proofs_.erase(std::min_element(proofs_.begin(), proofs_.end(),
                                 [](const auto& a, const auto& b) { return a.second.used < b.second.used; }));
}

} // namespace argentum::actors
