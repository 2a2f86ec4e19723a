// SPDX-License-Identifier: Apache-2.0
#include "actors/lookup/replica_pool.hpp"

#include <algorithm>
#include <utility>

namespace argentum::actors {

namespace {

/// Latencies below count as this: between replicas that near the queue decides, not noise.
constexpr std::chrono::microseconds latency_floor{100};
/// New latencies and smaller answers weigh one eighth, as TCP's smoothed round trip time.
constexpr int smoothing = 8;
/// Share of its latency that a loser is forgiven: one ten times slower gets about one request in fifty.
constexpr int forgetting = 64;

} // namespace

replica_pool::replica_pool(const std::vector<std::string>& addresses) {
  for (const auto& address : addresses) {
    if (!at_address(address)) replicas_.emplace_back().address = address;
  }
}

std::optional<replica_no> replica_pool::at_address(const std::string& address) const {
  for (replica_no n = 0; n < replicas_.size(); ++n) {
    if (replicas_[n].address == address) return n;
  }
  return std::nullopt;
}

std::optional<replica_no> replica_pool::at_link(link_id link) const {
  if (link == link_id{}) return std::nullopt;
  for (replica_no n = 0; n < replicas_.size(); ++n) {
    if (replicas_[n].link == link) return n;
  }
  return std::nullopt;
}

void replica_pool::connected(replica_no n, link_id link, bool far) {
  auto& r = replicas_[n];
  r.link = link;
  r.far = far;
  r.in_flight = 0;
  r.isolated_until = time_point{};
  r.ask_at.reset();
  r.redial = duration{0};
}

void replica_pool::disconnected(replica_no n, time_point now, std::mt19937_64& random) {
  auto& r = replicas_[n];
  r.link = link_id{};
  r.in_flight = 0;
  r.redial = std::clamp<duration>(r.redial * 2, limits::redial_delay_min, limits::redial_delay_max);
  auto jitter = static_cast<duration::rep>(random() % static_cast<std::uint64_t>(r.redial.count() / 2));
  r.ask_at = now + r.redial / 2 + duration{jitter};
}

std::vector<replica_no> replica_pool::due(time_point now) {
  std::vector<replica_no> found;
  for (replica_no n = 0; n < replicas_.size(); ++n) {
    auto& at = replicas_[n].ask_at;
    if (!at || now < *at) continue;
    at.reset();
    found.push_back(n);
  }
  return found;
}

std::optional<replica_pool::time_point> replica_pool::next_due() const {
  std::optional<time_point> next;
  for (const auto& r : replicas_) {
    if (r.ask_at && (!next || *r.ask_at < *next)) next = r.ask_at;
  }
  return next;
}

bool replica_pool::has_room() const {
  return std::any_of(replicas_.begin(), replicas_.end(),
                     [](const replica& r) { return r.link != link_id{} && has_room(r); });
}

bool replica_pool::has_room(const replica& r) noexcept {
  return r.in_flight < limits::lookups_in_flight_max
         && r.in_flight * r.answer_bytes < limits::lookup_bytes_in_flight;
}

replica_pool::choice replica_pool::choose(time_point now, const std::function<bool(replica_no)>& may_ask,
                                          std::mt19937_64& random) {
  std::vector<replica_no> near;
  std::vector<replica_no> far;
  std::vector<replica_no> isolated;
  for (replica_no n = 0; n < replicas_.size(); ++n) {
    const auto& r = replicas_[n];
    if (r.link == link_id{} || !may_ask(n)) continue;
    (now < r.isolated_until ? isolated : r.far ? far : near).push_back(n);
  }
  std::size_t full = 0;
  for (auto* drawn : {&near, &far, &isolated}) {
    if (drawn == &isolated && full > 0) break; // those that are well have room again soon
    full += std::erase_if(*drawn,
                          [this](replica_no n) { return replicas_[n].in_flight >= limits::lookups_in_flight_max; });
    if (!drawn->empty()) return {draw(*drawn, random), false};
  }
  return {std::nullopt, full > 0};
}

replica_no replica_pool::draw(const std::vector<replica_no>& from, std::mt19937_64& random) {
  std::size_t first = random() % from.size();
  if (from.size() == 1) return from[first];
  std::size_t second = (first + 1 + random() % (from.size() - 1)) % from.size();
  replica_no winner = from[first];
  replica_no loser = from[second];
  if (load(replicas_[loser]) < load(replicas_[winner])) std::swap(winner, loser);
  replicas_[loser].latency -= replicas_[loser].latency / forgetting;
  return winner;
}

void replica_pool::sent(replica_no n) {
  ++replicas_[n].in_flight;
}

void replica_pool::done(replica_no n) {
  if (replicas_[n].in_flight > 0) --replicas_[n].in_flight;
}

void replica_pool::answered(replica_no n, std::size_t bytes) {
  auto& expected = replicas_[n].answer_bytes;
  expected = bytes >= expected ? bytes : expected - (expected - bytes) / smoothing;
}

void replica_pool::measured(replica_no n, duration took) {
  auto& smoothed = replicas_[n].latency;
  smoothed = smoothed == duration{0} ? took : smoothed + (took - smoothed) / smoothing;
}

void replica_pool::isolate(replica_no n, time_point now) {
  replicas_[n].isolated_until = now + limits::replica_isolation;
}

double replica_pool::load(const replica& r) noexcept {
  auto latency = std::max<duration>(r.latency, latency_floor);
  return static_cast<double>(r.in_flight + 1) * static_cast<double>(latency.count());
}

} // namespace argentum::actors
