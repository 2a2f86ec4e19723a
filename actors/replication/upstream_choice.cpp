// SPDX-License-Identifier: Apache-2.0
#include "actors/replication/upstream_choice.hpp"

#include "actors/jitter.hpp"
#include "messages/limits.hpp"

#include <algorithm>
#include <utility>

namespace argentum::actors {

namespace {

/// Microseconds of the root's clock, as its news are numbered.
constexpr std::uint64_t news_lag_max = 3'000'000;

} // namespace

upstream_choice::upstream_choice(const std::vector<std::string>& addresses, std::uint64_t seed) : random_(seed) {
  for (const auto& each : addresses) targets_.push_back({each, {}});
}

upstream_choice upstream_choice::by_search(std::uint64_t seed) {
  upstream_choice choice{{}, seed};
  choice.searches_ = true;
  return choice;
}

const std::string& upstream_choice::current() const {
  static const std::string none;
  return at_ < targets_.size() ? targets_[at_].address : none;
}

std::chrono::microseconds upstream_choice::rtt() const {
  return at_ < targets_.size() ? targets_[at_].rtt : std::chrono::microseconds{0};
}

void upstream_choice::found(const std::vector<upstream_candidate>& candidates) {
  targets_.clear();
  for (const auto& each : candidates) targets_.push_back({each.who.address, each.rtt});
  at_ = 0;
}

void upstream_choice::measured(std::chrono::microseconds rtt) {
  if (at_ < targets_.size()) targets_[at_].rtt = rtt;
}

void upstream_choice::settled() {
  if (!searches_ || at_ == targets_.size()) return;
  targets_ = {std::move(targets_[at_])};
  at_ = 0;
}

upstream_choice::delay upstream_choice::again() {
  return back_off();
}

upstream_choice::delay upstream_choice::lost() {
  if (searches_) at_ = targets_.size();
  return back_off();
}

upstream_choice::delay upstream_choice::next() {
  if (searches_) {
    if (at_ < targets_.size()) ++at_;
    return at_ < targets_.size() ? delay{0} : back_off();
  }
  at_ = (at_ + 1) % targets_.size();
  return ++failures_ % targets_.size() == 0 ? back_off() : delay{0};
}

/// Of a fixed list, one that is a moment behind is not passed over: fresher news reach it each second.
upstream_choice::delay upstream_choice::no_newer(std::uint64_t its_news, std::uint64_t our_news) {
  bool soon = its_news != 0 && its_news + news_lag_max >= our_news;
  return soon && !searches_ ? again() : next();
}

void upstream_choice::succeeded() noexcept {
  failures_ = 0;
  rounds_ = 0;
}

upstream_choice::delay upstream_choice::back_off() {
  delay most = limits::redial_delay_max;
  delay full = std::min<delay>(most, delay{limits::redial_delay_min} * (1u << std::min(rounds_, 16u)));
  ++rounds_;
  return part_of(full, 0.5, 1, random_);
}

} // namespace argentum::actors
