// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/swim.hpp"

#include "messages/oracle_limits.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace argentum::actors {

swim::swim(swim_config config, time_point now)
    : config_(std::move(config)),
      random_(config_.seed),
      table_(config_.own),
      space_(random_()),
      ring_(random_()),
      due_(now),
      probe_at_(now + jittered(limits::probe_interval)),
      gossip_at_(now),
      contact_at_(now),
      full_state_at_(now + jittered(limits::full_state_interval)),
      announce_at_(now + jittered(limits::announce_interval)) {}

void swim::received(time_point now, const std::string& address, const gossip_message& m) {
  auto before = table_.own();
  bool from_us = m.from == before.node && m.process == before.process;
  if (from_us || before.state == member_state::left) return;
  wake(now);
  if (const auto* found = std::get_if<probe_answer>(&m.body)) on_contact(m.from, found->token);
  for (const auto& news : m.news) hear(now, news);
  auto first = warnings_for(m.from, m.process);
  if (outdoes(table_.own(), before) || accuses_us(m)) first.push_back(own_news().front());
  if (std::holds_alternative<probe>(m.body))
    answer(now, address, m, std::move(first));
  else if (!first.empty() && may_object(now, m.from))
    send(now, address, gossip_round{}, std::move(first));
  std::visit([&](const auto& body) { on(now, address, m, body); }, m.body);
  reckon_due(now);
}

/// Two that can't agree would answer each other as fast as the network goes.
bool swim::may_object(time_point now, const std::string& node) {
  std::erase_if(objected_, [now](const auto& each) { return now - each.second >= limits::gossip_interval; });
  bool may = objected_.size() < limits::objections_max && objected_.emplace(node, now).second;
  if (!may) config_.metrics->objections_dropped.add();
  return may;
}

void swim::tick(time_point now) {
  if (table_.own().state == member_state::left) return;
  wake(now);
  if (probe_ && !probe_->answered && now >= probe_->ask_others_at && probe_->asked.empty()) ask_others(now);
  if (now >= probe_at_) {
    conclude_probe(now);
    start_probe(now);
  }
  for (const auto& r : relays_.missed(now)) send(now, r.asker, probe_missed{r.its_token});
  if (now >= suspicions_at_) expire_suspicions(now);
  if (now >= contact_at_) contact_somebody(now);
  if (now >= announce_at_) announce_if_moved(now);
  if (now >= full_state_at_) full_state_with_somebody(now);
  if (!queue_.empty() && now >= gossip_at_) gossip_round_at(now);
  count_members();
  reckon_due(now);
}

void swim::leave(time_point now) {
  table_.leave();
  auto heirs = table_.draw(limits::leave_fanout, random_, [](const member&) { return true; });
  for (const auto& who : heirs) send(now, who->address, gossip_round{}, own_news());
  due_ = time_point::max();
}

/// Whatever should have been done by now and was not: we were asleep, and all that time nobody could reach us.
void swim::wake(time_point now) {
  auto slept = now - due_;
  if (slept < limits::asleep_after) return;
  due_ = now;
  health_.worse();
  for (auto& [node, s] : suspicions_) s.postpone(now, slept, limits::probe_interval);
  if (probe_ && !probe_->answered) send_probe(now);
}

void swim::reckon_due(time_point now) {
  due_ = std::min({probe_at_, contact_at_, full_state_at_, announce_at_, suspicions_at_});
  if (!queue_.empty()) due_ = std::min(due_, gossip_at_);
  if (probe_ && !probe_->answered && probe_->asked.empty()) due_ = std::min(due_, probe_->ask_others_at);
  if (auto missed = relays_.due()) due_ = std::min(due_, *missed);
  due_ = std::max(due_, now);
}

/// `first` goes in any case, then what fits of the news; when the budget is spent, no news.
void swim::send(time_point now, const std::string& address, gossip_body body, std::vector<member_news> first) {
  const auto& own = table_.own();
  gossip_message message{own.node, own.process, std::move(body), std::move(first)};
  auto bytes = bytes_at_most(message);
  if (budget_.allows(now, limits::datagram_bytes_max)) {
    queue_.take(limits::datagram_bytes_max - bytes, size(), message.news);
    bytes = bytes_at_most(message);
  } else if (!queue_.empty()) {
    config_.metrics->gossip_budget_hit.add();
  }
  budget_.spend(bytes);
  out_.push_back({address, std::move(message)});
}

void swim::gossip_round_at(time_point now) {
  gossip_at_ = now + limits::gossip_interval;
  for (const auto& who : table_.draw(limits::gossip_fanout, random_, [](const member&) { return true; })) {
    if (queue_.empty()) return;
    if (!budget_.allows(now, limits::datagram_bytes_max)) return config_.metrics->gossip_budget_hit.add();
    send(now, who->address, gossip_round{}, warnings_for(who->node, who->process));
  }
}

/// While we know nobody: all seeds. Later one of the dead, who may live behind a split that has healed, and a seed
/// that is none of the members we know.
void swim::contact_somebody(time_point now) {
  contacts_.clear();
  for (auto& node : table_.forget(now)) forgotten_.push_back(std::move(node));
  bool alone = table_.living() == 0;
  contact_at_ = now + jittered(alone ? duration{limits::join_interval} : duration{limits::reconnect_interval});
  std::set<std::string> known;
  table_.each([&](const member_table::row& r) {
    if (r.lives()) known.insert(r.who->address);
  });
  known.insert(table_.own().address);
  std::vector<std::string> strangers;
  for (const auto& seed : config_.seeds) {
    if (!known.contains(seed)) strangers.push_back(seed);
  }
  std::shuffle(strangers.begin(), strangers.end(), random_);
  if (!alone && strangers.size() > 1) strangers.resize(1);
  for (const auto& seed : strangers) contact(now, seed, {}, own_news());
  if (auto who = table_.draw_gone(random_); who && who->state == member_state::dead)
    contact(now, who->address, who->node, warnings_for(who->node, who->process));
}

void swim::contact(time_point now, const std::string& address, std::string node, std::vector<member_news> first) {
  auto token = random_();
  contacts_.emplace(token, address);
  send(now, address, probe{token, std::move(node)}, std::move(first));
}

/// Found: all that both sides know comes together.
void swim::on_contact(const std::string& node, std::uint64_t token) {
  auto it = contacts_.find(token);
  if (it == contacts_.end()) return;
  const auto* row = table_.find(node);
  if (row == nullptr || !row->lives()) exchanges_.push_back(it->second);
  contacts_.erase(it);
}

void swim::announce_if_moved(time_point now) {
  auto pause = limits::announce_interval + size() * limits::announce_per_member;
  announce_at_ = now + jittered(pause);
  const auto& told = table_.own().where;
  const auto& here = space_.own();
  bool far = moved(told, here) > std::max(1.0, typical_rtt_ms_ * std::max(0.1, here.error)); // else it is noise
  bool surer = here.error < told.error / 2;
  if (!far && !surer) return;
  table_.announce(here);
  queue_.add(own_news().front());
}

void swim::full_state_with_somebody(time_point now) {
  full_state_at_ = now + jittered(full_state_pause());
  auto who = table_.draw(1, random_, [](const member& m) { return m.state == member_state::alive; });
  if (!who.empty()) exchanges_.push_back(who.front()->address);
}

swim::duration swim::full_state_pause() {
  auto doublings = std::max(0.0, std::ceil(std::log2(static_cast<double>(size()) / 32)));
  return limits::full_state_interval * (1 + static_cast<int>(doublings));
}

/// Between a half and one and a half of it: members that start together do not stay in step.
swim::duration swim::jittered(duration d) {
  return duration{std::uniform_int_distribution<duration::rep>{d.count() / 2, d.count() * 3 / 2}(random_)};
}

std::optional<std::chrono::microseconds> swim::measured(const member& who) const {
  const auto* known = rtts_.find(who.node);
  return known == nullptr ? std::optional<std::chrono::microseconds>{} : known->smoothed;
}

void swim::count_members() {
  auto set = [](gauge& to, std::size_t n) { to.set(static_cast<std::int64_t>(n)); };
  set(config_.metrics->members_alive, size() - table_.suspects());
  set(config_.metrics->members_suspect, table_.suspects());
  set(config_.metrics->members_dead, table_.gone());
  set(config_.metrics->oracle_health, health_.score());
}

} // namespace argentum::actors
