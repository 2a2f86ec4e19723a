// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/member_table.hpp"

#include "messages/oracle_limits.hpp"

#include <xxhash.h>

#include <tuple>
#include <utility>

namespace argentum::actors {

namespace {

std::uint64_t view_of(const member& who) noexcept {
  return XXH3_64bits_withSeed(who.node.data(), who.node.size(), who.process);
}

} // namespace

bool outdoes(const member& a, const member& b) noexcept {
  return std::tie(a.process, a.incarnation, a.state) > std::tie(b.process, b.incarnation, b.state);
}

member_table::member_table(member own) : own_(std::move(own)) {}

void member_table::announce(const coordinate& where) {
  own_.where = where;
  ++own_.incarnation;
}

member_table::change member_table::hear(const member& news, time_point now) {
  if (news.node == own_.node) return hear_of_self(news);
  auto it = rows_.find(news.node);
  if (it == rows_.end()) {
    if (news.address.empty()) return change::none; // an accusation of somebody whom we do not know
    if (!make_room()) return change::refused;
    auto& fresh = rows_[news.node];
    set(fresh, news, now);
    return fresh.lives() ? change::joined : change::gone;
  }
  auto& known = it->second;
  const auto& before = *known.who;
  if (!outdoes(news, before)) return change::none;
  bool lived = known.lives();
  bool restarted = news.process != before.process;
  auto after = news;
  if (news.address.empty()) { // only who and what travels of those who are not alive
    if (restarted) return change::none;
    after = before;
    after.incarnation = news.incarnation;
    after.state = news.state;
  }
  set(known, std::move(after), now);
  if (!known.lives()) return lived ? change::gone : change::none;
  if (news.state == member_state::suspect) return change::accused;
  return lived && !restarted ? change::renewed : change::joined;
}

/// Nobody but us may speak for us. A newer process at our own address is our past, whose clock was ahead; so is one
/// that is gone.
member_table::change member_table::hear_of_self(const member& news) {
  if (own_.state == member_state::left || news.process < own_.process) return change::none;
  bool accused = news.state != member_state::alive;
  if (news.process == own_.process) {
    if (news.incarnation < own_.incarnation || (!accused && news.incarnation == own_.incarnation))
      return change::none;
    own_.incarnation = news.incarnation + 1;
    return change::refuted;
  }
  if (news.state == member_state::suspect) return change::none;
  if (!accused && news.address != own_.address) return change::conflict;
  own_.process = news.process + 1;
  return change::refuted;
}

void member_table::place(const std::string& node, const coordinate& where) {
  auto it = rows_.find(node);
  if (it == rows_.end()) return;
  auto there = *it->second.who;
  there.where = where;
  it->second.who = std::make_shared<const member>(std::move(there));
}

std::vector<std::string> member_table::forget(time_point now) {
  std::vector<std::string> out;
  for (const auto* r : gone_) {
    if (now - r->since >= limits::dead_memory) out.push_back(r->who->node);
  }
  for (const auto& node : out) {
    strike(rows_.at(node));
    rows_.erase(node);
  }
  return out;
}

const member_table::row* member_table::find(const std::string& node) const {
  auto it = rows_.find(node);
  return it == rows_.end() ? nullptr : &it->second;
}

std::uint64_t member_table::view() const noexcept {
  return others_view_ ^ view_of(own_);
}

std::vector<std::string> member_table::living_names() const {
  std::vector<std::string> out;
  out.reserve(living_.size());
  for (const auto* r : living_) out.push_back(r->who->node);
  return out;
}

std::shared_ptr<const member> member_table::draw_gone(std::mt19937_64& random) const {
  if (gone_.empty()) return nullptr;
  return gone_[std::uniform_int_distribution<std::size_t>{0, gone_.size() - 1}(random)]->who;
}

void member_table::set(row& r, member who, time_point now) {
  if (r.who) strike(r);
  if (!r.who || r.who->state != who.state) r.since = now;
  r.who = std::make_shared<const member>(std::move(who));
  enlist(r);
}

void member_table::enlist(row& r) {
  auto& list = r.lives() ? living_ : gone_;
  r.place = list.size();
  list.push_back(&r);
  if (r.lives()) others_view_ ^= view_of(*r.who);
  suspects_ += r.who->state == member_state::suspect;
}

void member_table::strike(const row& r) {
  auto& list = r.lives() ? living_ : gone_;
  list[r.place] = list.back();
  list[r.place]->place = r.place;
  list.pop_back();
  if (r.lives()) others_view_ ^= view_of(*r.who);
  suspects_ -= r.who->state == member_state::suspect;
}

/// If there is none, one of the gone makes room.
bool member_table::make_room() {
  if (rows_.size() + 1 < limits::members_max) return true;
  if (gone_.empty()) return false;
  auto node = gone_.front()->who->node;
  strike(*gone_.front());
  rows_.erase(node);
  return true;
}

} // namespace argentum::actors
