// SPDX-License-Identifier: Apache-2.0
#include "actors/lookup/miss_table.hpp"

#include "messages/limits.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace argentum::actors {

replica_verdict miss::verdict(replica_no n) const {
  auto it = verdicts.find(n);
  return it == verdicts.end() ? replica_verdict::none : it->second;
}

bool miss::mismatched() const {
  return std::any_of(verdicts.begin(), verdicts.end(),
                     [](const auto& each) { return each.second == replica_verdict::mismatch; });
}

miss_table::join_result miss_table::join(const std::string& key, index_t version, miss_waiter waiter,
                                         time_point deadline) {
  auto [it, fresh] = ids_.try_emplace({source_, key, version}, next_miss_);
  miss_id id = it->second;
  if (fresh) {
    ++next_miss_;
    auto& r = misses_[id];
    r.what.source = source_;
    r.what.key = key;
    r.what.version = version;
    waiting_.insert(id);
  }
  auto& joined = misses_.at(id).what;
  joined.waiters.insert(waiter);
  joined.until = deadline;
  return {id, !fresh};
}

void miss_table::leave(miss_id id, fetch_id fetch) {
  auto it = misses_.find(id);
  if (it == misses_.end()) return;
  auto& waiters = it->second.what.waiters;
  waiters.erase(waiters.lower_bound({fetch, 0}), waiters.lower_bound({fetch + 1, 0}));
  if (waiters.empty() && it->second.at != phase::in_flight) remove(id);
}

std::optional<miss_id> miss_table::next_waiting(miss_id after) const {
  auto it = waiting_.upper_bound(after);
  if (it == waiting_.end()) return std::nullopt;
  return *it;
}

lookup_request miss_table::send(const std::vector<miss_id>& ids, replica_no replica, sent_as why, time_point now) {
  lookup_request message;
  message.id = next_request_++;
  request r;
  r.replica = replica;
  r.why = why;
  r.items = ids;
  r.open = ids.size();
  r.sent_at = now;
  r.deadline = now + limits::lookup_attempt;
  auto until = now;
  for (auto id : ids) {
    auto& asked = misses_.at(id);
    waiting_.erase(id);
    asked.at = phase::in_flight;
    ++asked.what.copies;
    until = std::max(until, asked.what.until);
    message.items.push_back({asked.what.key, asked.what.version});
  }
  message.budget = std::chrono::duration_cast<std::chrono::microseconds>(std::min(until, r.deadline) - now);
  in_flight_.emplace(message.id, std::move(r));
  return message;
}

std::vector<miss_table::open_request> miss_table::take_late(time_point upto) {
  std::vector<open_request> late;
  for (auto& [id, r] : in_flight_) {
    if (r.sent_at > upto) break; // in the order sent
    if (r.heard || r.why != sent_as::first || std::exchange(r.named, true)) continue;
    late.push_back(what_is_open(r));
  }
  return late;
}

std::optional<miss_table::time_point> miss_table::oldest_unheard() const {
  for (const auto& [id, r] : in_flight_)
    if (!r.heard && !r.named && r.why == sent_as::first) return r.sent_at;
  return std::nullopt;
}

miss_table::open_request miss_table::what_is_open(const request& r) const {
  open_request open{r.replica, r.sent_at, {}};
  std::copy_if(r.items.begin(), r.items.end(), std::back_inserter(open.misses),
               [this](miss_id id) { return misses_.contains(id); });
  return open;
}

std::optional<miss_table::part> miss_table::take_part(const lookup_response& response, replica_no from,
                                                      time_point now) {
  auto it = in_flight_.find(response.id);
  if (it == in_flight_.end() || it->second.replica != from) return std::nullopt;
  auto& r = it->second;
  if (response.first > r.items.size() || response.answers.size() > r.items.size() - response.first) {
    return std::nullopt;
  }
  part taken;
  taken.sent_at = r.sent_at;
  taken.why = r.why;
  taken.begins = !std::exchange(r.heard, true);
  r.deadline = now + limits::lookup_attempt;
  for (std::size_t i = 0; i < response.answers.size(); ++i) {
    miss_id id = std::exchange(r.items[response.first + i], 0);
    if (id == 0) continue;
    if (land(id)) taken.answered.emplace_back(id, i);
    r.bytes += response.answers[i].value.size();
    --r.open;
  }
  if (r.open > 0) return taken;
  taken.answer_bytes = r.bytes;
  in_flight_.erase(it);
  return taken;
}

bool miss_table::land(miss_id id) {
  auto it = misses_.find(id);
  if (it == misses_.end()) return false;
  if (--it->second.what.copies == 0) it->second.at = phase::none;
  return true;
}

std::vector<miss_table::open_request> miss_table::take_overdue(time_point now) {
  return take_if([now](const request& r) { return now >= r.deadline; });
}

std::vector<miss_table::open_request> miss_table::take_all_at(replica_no replica) {
  return take_if([replica](const request& r) { return r.replica == replica; });
}

template <class Predicate>
std::vector<miss_table::open_request> miss_table::take_if(Predicate lost) {
  std::vector<open_request> taken;
  for (auto it = in_flight_.begin(); it != in_flight_.end();) {
    if (!lost(it->second)) {
      ++it;
      continue;
    }
    taken.push_back(what_is_open(it->second));
    for (auto id : taken.back().misses) land(id);
    it = in_flight_.erase(it);
  }
  return taken;
}

void miss_table::note(miss_id id, replica_no replica, replica_verdict verdict) {
  misses_.at(id).what.verdicts[replica] = verdict;
}

void miss_table::resume(miss_id id) {
  auto& r = misses_.at(id);
  if (r.what.waiters.empty()) {
    remove(id);
    return;
  }
  parked_.erase({r.resume_at, id});
  waiting_.insert(id);
  r.at = phase::waiting;
}

void miss_table::park(miss_id id, time_point now) {
  auto& r = misses_.at(id);
  if (r.what.waiters.empty()) {
    remove(id);
    return;
  }
  auto pause = std::chrono::steady_clock::duration{limits::lookup_retry_min};
  for (std::uint32_t i = 0; i < r.what.rounds && pause < limits::lookup_retry_max; ++i) pause *= 2;
  ++r.what.rounds;
  std::erase_if(r.what.verdicts, [](const auto& each) { return each.second == replica_verdict::again; });
  waiting_.erase(id);
  r.at = phase::parked;
  r.resume_at = now + std::min<std::chrono::steady_clock::duration>(pause, limits::lookup_retry_max);
  parked_.insert({r.resume_at, id});
}

void miss_table::unpark(time_point now) {
  while (!parked_.empty() && parked_.begin()->first <= now) resume(parked_.begin()->second);
}

void miss_table::unpark_all() {
  while (!parked_.empty()) resume(parked_.begin()->second);
}

miss miss_table::remove(miss_id id) {
  auto it = misses_.find(id);
  auto& r = it->second;
  waiting_.erase(id);
  parked_.erase({r.resume_at, id});
  ids_.erase({r.what.source, r.what.key, r.what.version});
  miss gone = std::move(r.what);
  misses_.erase(it);
  return gone;
}

const miss* miss_table::find(miss_id id) const {
  auto it = misses_.find(id);
  return it == misses_.end() ? nullptr : &it->second.what;
}

} // namespace argentum::actors
