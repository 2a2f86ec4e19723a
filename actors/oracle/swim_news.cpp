// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/swim.hpp"
#include "messages/names.hpp"
#include "messages/oracle_limits.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace argentum::actors {

namespace {

/// As it travels: of one that is not alive only what identifies it.
member_news news_of(const member& who, std::string by = {}) {
  return {who.state == member_state::alive ? who : identity_of(who), std::move(by)};
}

} // namespace

member identity_of(const member& who) {
  member out;
  out.node = who.node;
  out.process = who.process;
  out.incarnation = who.incarnation;
  out.state = who.state;
  return out;
}

bool swim::hear(time_point now, const member_news& news) {
  auto what = table_.hear(news.who, now);
  switch (what) {
  case member_table::change::none: confirmed(news); break;
  case member_table::change::joined: joined(now, news); break;
  case member_table::change::renewed:
    suspicions_.erase(news.who.node);
    queue_.add(news_of(news.who));
    break;
  case member_table::change::accused: accused(now, news); break;
  case member_table::change::gone: gone(news.who); break;
  case member_table::change::refuted: refuted(); break;
  case member_table::change::refused: config_.metrics->members_refused.add(); break;
  case member_table::change::conflict: conflicts(now, news.who); break;
  }
  return what == member_table::change::joined || what == member_table::change::gone;
}

void swim::joined(time_point now, const member_news& news) {
  suspicions_.erase(news.who.node);
  ring_.add(news.who.node);
  spdlog::info("argentum.gossip: {} at {} is a member", news.who.node, printable(news.who.address));
  if (news.who.state == member_state::suspect)
    accused(now, news);
  else if (!quiet_)
    queue_.add(news_of(news.who));
}

void swim::accused(time_point now, const member_news& news) {
  if (news.by == table_.own().node) config_.metrics->suspicions.add();
  suspicion fresh{now, news.by, size()};
  watch(fresh);
  suspicions_.insert_or_assign(news.who.node, std::move(fresh));
  queue_.add(news_of(news.who, news.by));
  spdlog::debug("argentum.gossip: {} suspects {}", news.by, news.who.node);
}

/// Perhaps one more accuser of a suspect.
void swim::confirmed(const member_news& news) {
  auto it = suspicions_.find(news.who.node);
  if (it == suspicions_.end() || news.who.state != member_state::suspect || news.by.empty()) return;
  const auto& known = *table_.find(news.who.node)->who;
  bool same = known.process == news.who.process && known.incarnation == news.who.incarnation;
  if (!same || !it->second.confirm(news.by)) return;
  watch(it->second);
  queue_.add(news_of(news.who, news.by));
}

void swim::gone(const member& who) {
  suspicions_.erase(who.node);
  rtts_.forget(who.node);
  if (!quiet_) queue_.add(news_of(who));
  spdlog::info("argentum.gossip: {} {}", who.node, who.state == member_state::left ? "has left" : "is dead");
}

void swim::refuted() {
  health_.worse();
  config_.metrics->refutations.add();
  queue_.add(own_news().front());
}

void swim::conflicts(time_point now, const member& other) {
  config_.metrics->name_conflicts.add();
  if (!conflict_log_.due(now)) return;
  spdlog::error("argentum.gossip: another node is called {} too, at {}: others see that one only", other.node,
                printable(other.address));
}

void swim::expire_suspicions(time_point now) {
  std::vector<std::string> over;
  suspicions_at_ = time_point::max();
  for (const auto& [node, s] : suspicions_) {
    if (now >= s.deadline())
      over.push_back(node);
    else
      watch(s);
  }
  for (const auto& node : over) {
    auto who = *table_.find(node)->who;
    who.state = member_state::dead;
    config_.metrics->deaths.add();
    member_news news{identity_of(who), table_.own().node};
    hear(now, news);
    send(now, who.address, gossip_round{}, {news}); // in case it lives
  }
}

std::vector<std::shared_ptr<const member>> swim::full_state() const {
  auto own = table_.own();
  own.where = space_.own();
  std::vector<std::shared_ptr<const member>> out{std::make_shared<const member>(std::move(own))};
  table_.each([&](const member_table::row& r) { out.push_back(r.who); });
  return out;
}

/// Of the first state, and of what is left of one that has much, whoever sent it tells others as he told us.
void swim::merge(time_point now, const std::vector<member_report>& state) {
  if (table_.own().state == member_state::left) return;
  wake(now);
  quiet_ = !std::exchange(merged_, true);
  std::size_t learned = 0;
  std::vector<member> accused;
  for (const auto& [who, age, statuses] : state) {
    if (accuses_unheard(who))
      accused.push_back(who);
    else if (merge_one(now, who))
      quiet_ |= ++learned == limits::merged_news_max;
  }
  quiet_ = false;
  if (learned >= limits::merged_news_max)
    full_state_at_ = std::min(full_state_at_, now + jittered(limits::full_state_again));
  tell_accused(now, std::move(accused));
  reckon_due(now);
}

/// They say that they live, or do not answer the probe. Many are not dead but were cut off from somebody; as many
/// as may be told now, and in any order, so that those who are left hear of it from others.
void swim::tell_accused(time_point now, std::vector<member> accused) {
  std::shuffle(accused.begin(), accused.end(), random_);
  for (const auto& who : accused) {
    if (!budget_.allows(now, limits::datagram_bytes_max)) return;
    send(now, table_.find(who.node)->who->address, gossip_round{}, {news_of(who)});
    if (accused.size() < limits::merged_news_max) ring_.hurry(who.node);
  }
}

/// Nobody has accused it here: it can speak for itself.
bool swim::accuses_unheard(const member& who) const {
  const auto* row = table_.find(who.node);
  bool accuses = who.state == member_state::suspect || who.state == member_state::dead;
  return accuses && row != nullptr && row->who->state == member_state::alive && outdoes(who, *row->who);
}

bool swim::merge_one(time_point now, const member& who) {
  bool has_gone = who.state == member_state::dead || who.state == member_state::left;
  if (!has_gone || table_.find(who.node) != nullptr || who.node == table_.own().node) return hear(now, {who, {}});
  table_.hear(who, now); // remembered only: everybody who must know has heard of it
  return false;
}

/// What somebody must hear first: that we hold it for suspect or dead, or that another has its name.
std::vector<member_news> swim::warnings_for(const std::string& node, std::uint64_t process) const {
  const auto* row = table_.find(node);
  if (row == nullptr || process == 0 || process > row->who->process) return {};
  bool accused = row->who->state == member_state::suspect || row->who->state == member_state::dead;
  if (!accused && process == row->who->process) return {};
  return {news_of(*row->who)};
}

/// Perhaps of something that we have refuted long ago, and it has not heard so.
bool swim::accuses_us(const gossip_message& m) const {
  return std::any_of(m.news.begin(), m.news.end(), [this](const member_news& news) {
    return news.who.node == table_.own().node && news.who.state != member_state::alive;
  });
}

std::vector<member_news> swim::own_news() const {
  return {news_of(table_.own())};
}

} // namespace argentum::actors
