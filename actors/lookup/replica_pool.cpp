// SPDX-License-Identifier: Apache-2.0
#include "actors/lookup/replica_pool.hpp"

#include "actors/jitter.hpp"

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

std::chrono::microseconds microseconds_of(replica_pool::duration time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time);
}

} // namespace

// -- the set ----------------------------------------------------------------------------------------------------

void replica_pool::set(std::vector<set_replicas::replica> replicas) {
  std::stable_sort(replicas.begin(), replicas.end(), [](const auto& a, const auto& b) { return a.rank < b.rank; });
  for (auto& [n, r] : replicas_) r.leaving = true;
  std::size_t count = 0;
  for (const auto& each : replicas) {
    auto n = at_address(each.address);
    if (n && !replicas_.at(*n).leaving) continue; // named twice
    if (count++ == limits::pool_replicas_max) break;
    auto& r = replicas_[n ? *n : next_++];
    r.address = each.address;
    r.rank = each.rank;
    r.leaving = false;
  }
}

std::vector<std::string> replica_pool::take_left() {
  std::vector<std::string> left;
  std::erase_if(replicas_, [&left](const auto& each) {
    bool gone = each.second.leaving && each.second.in_flight.empty();
    if (gone) left.push_back(each.second.address);
    return gone;
  });
  return left;
}

std::vector<replica_no> replica_pool::members() const {
  std::vector<replica_no> found;
  for (const auto& [n, r] : replicas_)
    if (!r.leaving) found.push_back(n);
  return found;
}

std::optional<replica_no> replica_pool::at_address(const std::string& address) const {
  for (const auto& [n, r] : replicas_)
    if (r.address == address) return n;
  return std::nullopt;
}

std::optional<replica_no> replica_pool::at_link(link_id link) const {
  if (link == link_id{}) return std::nullopt;
  for (const auto& [n, r] : replicas_)
    if (r.link == link) return n;
  return std::nullopt;
}

// -- links ------------------------------------------------------------------------------------------------------

void replica_pool::connected(replica_no n, link_id link, bool far) {
  auto& r = replicas_.at(n);
  r.link = link;
  r.far = far;
  r.health = {};
  r.ask_at.reset();
  r.redial = duration{0};
}

void replica_pool::disconnected(replica_no n, time_point now, std::mt19937_64& random) {
  auto& r = replicas_.at(n);
  r.link = link_id{};
  r.in_flight.clear();
  r.redial = std::clamp<duration>(r.redial * 2, limits::redial_delay_min, limits::redial_delay_max);
  r.ask_at = now + part_of(r.redial, 0.5, 1, random);
}

std::vector<replica_no> replica_pool::due(time_point now) {
  std::vector<replica_no> found;
  for (auto& [n, r] : replicas_) {
    if (!r.ask_at || now < *r.ask_at) continue;
    r.ask_at.reset();
    found.push_back(n);
  }
  return found;
}

std::optional<replica_pool::time_point> replica_pool::next_due() const {
  std::optional<time_point> next;
  for (const auto& [n, r] : replicas_)
    if (r.ask_at && (!next || *r.ask_at < *next)) next = r.ask_at;
  return next;
}

// -- choices ----------------------------------------------------------------------------------------------------

bool replica_pool::has_room() const {
  return std::any_of(replicas_.begin(), replicas_.end(),
                     [](const auto& each) { return each.second.usable() && each.second.has_room(); });
}

bool replica_pool::replica::has_room() const noexcept {
  return in_flight.size() < limits::lookups_in_flight_max
         && in_flight.size() * answer_bytes < limits::lookup_bytes_in_flight;
}

replica_pool::choice replica_pool::choose(time_point now, const filter& may_ask, std::mt19937_64& random) {
  std::vector<replica_no> nearest, half_open, isolated;
  std::uint32_t distance = 0;
  bool well_full = false;
  bool ill_full = false;
  for (const auto& [n, r] : replicas_) {
    if (!r.usable() || !may_ask(n)) continue;
    auto phase = r.health.at(now);
    bool well = phase == replica_health::phase::well;
    if (!r.has_room()) {
      (well ? well_full : ill_full) = true;
    } else if (!well) {
      (phase == replica_health::phase::isolated ? isolated : half_open).push_back(n);
    } else if (nearest.empty() || r.distance() <= distance) {
      if (r.distance() < distance) nearest.clear();
      distance = r.distance();
      nearest.push_back(n);
    }
  }
  if (!nearest.empty()) return {draw(nearest, now, random), false};
  if (well_full) return {std::nullopt, true}; // it has room again soon
  for (const auto* last : {&half_open, &isolated})
    if (!last->empty()) return {draw(*last, now, random), false};
  return {std::nullopt, ill_full};
}

replica_no replica_pool::draw(const std::vector<replica_no>& from, time_point now, std::mt19937_64& random) {
  std::size_t first = random() % from.size();
  if (from.size() == 1) return from[first];
  std::size_t second = (first + 1 + random() % (from.size() - 1)) % from.size();
  replica_no winner = from[first];
  replica_no loser = from[second];
  if (replicas_.at(loser).load(now) < replicas_.at(winner).load(now)) std::swap(winner, loser);
  auto& forgiven = replicas_.at(loser).latency;
  forgiven -= forgiven / forgetting;
  return winner;
}

double replica_pool::replica::load(time_point now) const noexcept {
  auto time = std::max<duration>(latency, latency_floor);
  if (!in_flight.empty()) time = std::max<duration>(time, now - *in_flight.begin());
  return static_cast<double>(in_flight.size() + 1) * static_cast<double>(time.count());
}

std::optional<replica_no> replica_pool::to_probe(time_point now, const filter& may_ask) const {
  for (const auto& [n, r] : replicas_) {
    bool waits = r.health.at(now) == replica_health::phase::half_open && r.in_flight.empty();
    if (waits && r.usable() && may_ask(n)) return n;
  }
  return std::nullopt;
}

// -- requests ---------------------------------------------------------------------------------------------------

void replica_pool::sent(replica_no n, time_point now) {
  auto& r = replicas_.at(n);
  r.in_flight.insert(now);
  ++r.requests;
  ++r.recent;
}

void replica_pool::over(replica& r, time_point sent_at) {
  if (auto it = r.in_flight.find(sent_at); it != r.in_flight.end()) r.in_flight.erase(it);
}

void replica_pool::answered(replica_no n, time_point sent_at, std::size_t bytes) {
  auto& r = replicas_.at(n);
  over(r, sent_at);
  r.answer_bytes = bytes >= r.answer_bytes ? bytes : r.answer_bytes - (r.answer_bytes - bytes) / smoothing;
}

void replica_pool::measured(replica_no n, duration took) {
  auto& r = replicas_.at(n);
  r.latency = r.latency == duration{0} ? took : r.latency + (took - r.latency) / smoothing;
  r.latencies.note(took);
}

bool replica_pool::timed_out(replica_no n, time_point sent_at, time_point now) {
  auto& r = replicas_.at(n);
  over(r, sent_at);
  ++r.timeouts;
  measured(n, now - sent_at);
  return r.health.failed("no answer in time", now);
}

bool replica_pool::failed(replica_no n, time_point now) {
  auto& r = replicas_.at(n);
  ++r.errors;
  return r.health.failed("it could not read", now);
}

std::vector<pool_report::replica> replica_pool::report() {
  double all = 0;
  for (const auto& [n, r] : replicas_) all += r.leaving ? 0 : r.recent;
  std::vector<pool_report::replica> out;
  for (auto& [n, r] : replicas_) {
    auto p95 = r.latencies.at(limits::hedge_percentile).value_or(duration{0});
    double share = r.leaving || all == 0 ? 0 : r.recent / all;
    out.push_back({r.address, r.distance(), r.link != link_id{}, r.leaving, r.in_flight.size(),
                   microseconds_of(r.latency), microseconds_of(p95), r.requests, r.errors, r.timeouts, share,
                   r.health.trouble(), r.health.isolated_until()});
    r.recent /= 2;
  }
  return out;
}

} // namespace argentum::actors
