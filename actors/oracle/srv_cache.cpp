// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/srv_cache.hpp"

#include "actors/jitter.hpp"
#include "messages/oracle_limits.hpp"

#include <algorithm>
#include <utility>

namespace argentum::actors {

void srv_cache::want(const std::vector<question>& all) {
  std::map<question, state> kept;
  for (const auto& each : all) kept[each] = std::move(rows_[each]);
  rows_ = std::move(kept);
}

std::vector<srv_cache::question> srv_cache::due(time_point now) {
  std::vector<question> out;
  for (auto& [what, row] : rows_) {
    if (row.asked || now < row.ask_at) continue;
    row.asked = true;
    out.push_back(what);
  }
  return out;
}

srv_cache::time_point srv_cache::next_due() const {
  auto next = time_point::max();
  for (const auto& [what, row] : rows_)
    if (!row.asked) next = std::min(next, row.ask_at);
  return next;
}

bool srv_cache::heard(const srv_heard& what, time_point now) {
  auto found = rows_.find({what.place, what.answer.name});
  if (found == rows_.end()) return false;
  auto& row = found->second;
  row.asked = false;
  bool nothing = !what.answer.problem.empty() || what.answer.records.empty();
  auto ttl = std::clamp<duration>(what.answer.ttl, limits::dns_ttl_min, limits::dns_ttl_max);
  row.ask_at = now + part_of(nothing ? duration{limits::dns_negative_ttl} : ttl, 0.75, 0.95, random_);
  if (what.answer.problem.empty()) row.found = what.answer.records;
  return std::exchange(row.problem, what.answer.problem) != what.answer.problem;
}

const srv_cache::records& srv_cache::known(const question& what) const {
  static const records none;
  auto found = rows_.find(what);
  return found == rows_.end() ? none : found->second.found;
}

} // namespace argentum::actors
