// SPDX-License-Identifier: Apache-2.0
#include "actors/replication/upstream_search.hpp"

#include "actors/oracle/upstream_ranking.hpp"
#include "messages/oracle_limits.hpp"

namespace argentum::actors {

void upstream_search::refused(const std::string& address, time_point now) {
  std::erase_if(refusals_, [&](const auto& each) { return each.second <= now; });
  if (refusals_.size() < limits::refusals_max || refusals_.contains(address))
    refusals_[address] = now + limits::refusal_memory;
}

std::vector<std::string> upstream_search::refusing(time_point now) {
  std::vector<std::string> all;
  for (const auto& [address, until] : refusals_)
    if (until > now) all.push_back(address);
  return all;
}

void upstream_search::following(time_point now) {
  plan_review(now);
}

bool upstream_search::review_due(time_point now, bool in_doubt) {
  auto doubt_due = in_doubt && now - doubted_ >= limits::upstream_doubt_after;
  if (now < review_ && !doubt_due) return false;
  if (in_doubt) doubted_ = now;
  plan_review(now);
  return true;
}

bool upstream_search::moves(const upstream_candidate& current, const upstream_candidate& best, time_point now) {
  if (!is_worth_a_move(current.cost, best.cost)) return false;
  if (moved_ != time_point{} && now - moved_ < limits::upstream_move_pause) return false;
  moved_ = now;
  return true;
}

void upstream_search::plan_review(time_point now) {
  std::chrono::milliseconds mean = limits::upstream_review;
  std::uniform_int_distribution<std::chrono::milliseconds::rep> draw{mean.count() / 2, mean.count() * 3 / 2};
  review_ = now + std::chrono::milliseconds{draw(random_)};
}

} // namespace argentum::actors
