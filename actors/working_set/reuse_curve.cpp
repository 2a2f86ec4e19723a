// SPDX-License-Identifier: Apache-2.0
#include "actors/working_set/reuse_curve.hpp"

#include <algorithm>
#include <cmath>

namespace argentum::actors {

namespace {

/// Each read takes a new place; when they are used up the keys are numbered anew, which costs a read little if
/// there are several times as many places as keys.
constexpr std::size_t places_per_key = 4;

/// Of a node of the map, with what the allocator adds.
constexpr std::size_t bytes_per_key = 96;

} // namespace

reuse_curve::reuse_curve(std::uint64_t hash_limit, std::size_t keys_max, std::chrono::seconds span)
    : hash_limit_max_(hash_limit),
      keys_max_(keys_max),
      span_(span),
      hash_limit_(hash_limit),
      order_(places_per_key * keys_max) {}

double reuse_curve::rate() const noexcept {
  return std::ldexp(static_cast<double>(hash_limit_), -64);
}

std::size_t reuse_curve::bytes() const noexcept {
  return keys_.size() * bytes_per_key + order_.size() * sizeof(std::int64_t) + sizeof(*this);
}

void reuse_curve::note(std::uint64_t hash, std::uint32_t bytes, std::uint32_t reads, time_point now) {
  reads_ += reads;
  if (hash > hash_limit_) return;
  auto scale = 1 / rate();
  sampled_ += scale;
  auto [place, fresh] = keys_.try_emplace(hash);
  auto& key = place->second;
  if (!fresh) {
    auto others = static_cast<double>(order_.behind(key.place));
    auto needed = std::max(others * scale + key.bytes, 1.0);
    auto bin = static_cast<std::size_t>(std::ceil(std::log2(needed) * steps));
    hits_[std::min(bin, bins_count - 1)] += scale;
    order_.add(key.place, -static_cast<std::int64_t>(key.bytes));
  }
  if (bytes == 0) bytes = key.bytes;
  if (bytes == 0 && keys_.size() > 1) bytes = static_cast<std::uint32_t>(order_.total() / (keys_.size() - 1));
  key.read = now;
  move_to_end(key, bytes);
  if (keys_.size() > keys_max_) drop_largest();
}

void reuse_curve::move_to_end(sampled_key& key, std::uint32_t bytes) {
  key.bytes = bytes;
  key.place = next_place_++;
  order_.add(key.place, bytes);
  if (next_place_ == order_.size()) number_anew();
}

void reuse_curve::number_anew() {
  std::vector<sampled_key*> all;
  all.reserve(keys_.size());
  for (auto& each : keys_) all.push_back(&each.second);
  std::sort(all.begin(), all.end(), [](auto* a, auto* b) { return a->place < b->place; });
  order_ = prefix_sums{order_.size()};
  next_place_ = 0;
  for (auto* each : all) {
    each->place = next_place_++;
    order_.add(each->place, each->bytes);
  }
}

void reuse_curve::drop_largest() {
  auto last = std::prev(keys_.end());
  hash_limit_ = last->first - 1;
  order_.add(last->second.place, -static_cast<std::int64_t>(last->second.bytes));
  keys_.erase(last);
}

void reuse_curve::fade(time_point now) {
  for (auto each = keys_.begin(); each != keys_.end();) {
    if (now - each->second.read <= span_) {
      ++each;
      continue;
    }
    order_.add(each->second.place, -static_cast<std::int64_t>(each->second.bytes));
    each = keys_.erase(each);
  }
  if (keys_.size() < keys_max_ / 4) hash_limit_ = std::min(hash_limit_max_ / 2, hash_limit_) * 2;
  if (faded_ != time_point{}) {
    auto kept = std::exp(-std::chrono::duration<double>(now - faded_) / std::chrono::duration<double>(span_));
    for (auto& each : hits_) each *= kept;
    sampled_ *= kept;
    reads_ *= kept;
  }
  faded_ = now;
}

std::vector<curve_point> reuse_curve::points() const {
  std::vector<curve_point> out;
  if (reads_ <= 0 || keys_.empty()) return out;
  auto mean = static_cast<double>(order_.total()) / static_cast<double>(keys_.size());
  auto smallest = cached_keys_min * mean * (1 / rate() - 1); // of all keys the curve is exact
  auto in_use = [](double each) { return each > 0; };
  auto first = std::find_if(hits_.begin(), hits_.end(), in_use) - hits_.begin();
  auto end = hits_.rend() - std::find_if(hits_.rbegin(), hits_.rend(), in_use);
  double hits = reads_ - sampled_;
  double rate = 0;
  for (auto bin = first; bin < end; ++bin) {
    hits += hits_[static_cast<std::size_t>(bin)];
    rate = std::clamp(hits / reads_, rate, 1.0);
    auto size = std::exp2(static_cast<double>(bin) / steps);
    if (size >= smallest) out.push_back({size, rate});
  }
  return out;
}

double reuse_curve::mean_bytes(time_point then) const {
  double sum = 0;
  double count = 0;
  for (const auto& each : keys_) {
    if (each.second.read < then) continue;
    sum += each.second.bytes;
    ++count;
  }
  return count > 0 ? sum / count : 0;
}

} // namespace argentum::actors
