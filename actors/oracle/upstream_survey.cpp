// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/upstream_survey.hpp"

#include "messages/oracle_limits.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace argentum::actors {

namespace {

/// The silent are asked once more after this: a datagram gets lost now and then.
constexpr auto ask_again_after = limits::survey_time / 3;
constexpr int rounds_max = 2;
/// Of those that are asked whatever they seem to cost: roots, those that a refusal has named, and those of our own
/// datacenter. The rest of limits::survey_candidates are the cheapest.
constexpr std::size_t roots_max = 2;
constexpr std::size_t named_max = 4;
constexpr std::size_t near_max = 3;
/// A round trip that nobody knows: as to another continent, so that those that are known to be near come first.
constexpr auto unknown_rtt = std::chrono::milliseconds{150};

std::chrono::microseconds estimate(const survey_contact& who) {
  auto known = who.last.value_or(instance_status{});
  return upstream_cost(known.delay, known.depth, who.rtt.value_or(unknown_rtt));
}

} // namespace

upstream_survey::upstream_survey(const survey_asker& asker, find_upstreams what,
                                 const std::vector<survey_contact>& contacts, time_point now, std::uint64_t seed)
    : what_(std::move(what)),
      ranking_{asker.node, asker.role, asker.datacenter, what_.current, what_.refusing, asker.stale_after},
      random_(seed),
      start_(now) {
  for (const auto& each : contacts)
    if (each.last) known_[each.who.node] = each.last->upstream;
  choose(contacts);
}

void upstream_survey::choose(const std::vector<survey_contact>& contacts) {
  std::vector<const survey_contact*> open;
  for (const auto& each : contacts) {
    if (is_current(each)) add(each);
    if (!is_below(each.who.node, ranking_.node, known_)) open.push_back(&each);
  }
  std::shuffle(open.begin(), open.end(), random_); // equal ones share the load
  std::stable_sort(open.begin(), open.end(), [](auto* a, auto* b) { return estimate(*a) < estimate(*b); });
  auto add_some = [&](std::size_t count, auto want) {
    for (const auto* each : open) {
      if (count == 0 || asked_.size() >= limits::survey_candidates) return;
      if (!want(*each)) continue;
      auto before = asked_.size();
      add(*each);
      count -= asked_.size() - before;
    }
  };
  add_some(roots_max, [](const auto& each) { return each.role == node_role::root; });
  std::shuffle(what_.also.begin(), what_.also.end(), random_);
  for (std::size_t n = 0; n < std::min(what_.also.size(), named_max); ++n) {
    survey_contact named;
    named.who = what_.also[n];
    add(named);
  }
  add_some(near_max, [&](const auto& each) { return each.datacenter == ranking_.datacenter; });
  add_some(limits::survey_candidates, [](const auto&) { return true; });
}

bool upstream_survey::is_current(const survey_contact& who) const {
  return !what_.current.empty() && who.who.node == what_.current; // of a seed only the address may be known
}

void upstream_survey::add(const survey_contact& who) {
  auto same = [&](const asked& each) { return each.who.who.address == who.who.address; };
  if (who.who.node == ranking_.node || std::any_of(asked_.begin(), asked_.end(), same)) return;
  const auto& refusing = what_.refusing;
  auto refuses = std::find(refusing.begin(), refusing.end(), who.who.address) != refusing.end();
  if (!refuses || is_current(who)) asked_.push_back({who});
}

std::vector<upstream_survey::query> upstream_survey::due(time_point now) {
  std::vector<query> all;
  if (rounds_ == rounds_max || now < start_ + rounds_ * ask_again_after) return all;
  ++rounds_;
  for (std::size_t n = 0; n < asked_.size(); ++n) {
    if (asked_[n].answered) continue;
    auto token = random_();
    sent_[token] = {n, now};
    all.push_back({asked_[n].who.who.address, {token, what_.instance}});
  }
  return all;
}

bool upstream_survey::heard(const status_answer& answer, time_point now) {
  auto sent = sent_.find(answer.token);
  if (sent == sent_.end()) return false;
  auto& from = asked_[sent->second.to];
  if (std::exchange(from.answered, true) || !answer.status || answer.status->instance != what_.instance)
    return true;
  upstream_candidate candidate;
  candidate.who = {answer.node, from.who.who.address};
  candidate.role = answer.role;
  candidate.rtt = std::chrono::duration_cast<std::chrono::microseconds>(now - sent->second.at);
  candidate.status = *answer.status;
  known_[answer.node] = answer.status->upstream;
  found_.push_back({std::move(candidate), answer.datacenter});
  return true;
}

bool upstream_survey::over(time_point now) const noexcept {
  auto answered = [](const asked& each) { return each.answered; };
  return now >= start_ + limits::survey_time || std::all_of(asked_.begin(), asked_.end(), answered);
}

time_point upstream_survey::next() const noexcept {
  return start_ + (rounds_ < rounds_max ? rounds_ * ask_again_after : limits::survey_time);
}

void upstream_survey::finish() const {
  what_.reply.deliver(ranked());
}

std::vector<upstream_candidate> upstream_survey::ranked() const {
  return rank_upstreams(found_, ranking_, known_);
}

} // namespace argentum::actors
