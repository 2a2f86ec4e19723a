// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/report/measures.hpp"

#include <algorithm>

namespace argentum::sim {

void read_counts::add(const read_counts& other) {
  local += other.local;
  absent += other.absent;
  fetched += other.fetched;
  failed += other.failed;
}

double hit_rate(const read_counts& reads) noexcept {
  auto all = reads.local + reads.fetched + reads.failed;
  return all == 0 ? 1.0 : static_cast<double>(reads.local) / static_cast<double>(all);
}

measures::measures(tree_places places)
    : places_(std::move(places)),
      instances_(places_.instances.size(), propagation{places_.nodes.size()}),
      reads_(places_.nodes.size()),
      fetch_times_(places_.groups.size()),
      stored_(places_.nodes.size()) {}

void measures::read(std::size_t node, read_end how, std::uint64_t keys) {
  auto& counts = reads_[node];
  switch (how) {
  case read_end::local: counts.local += keys; break;
  case read_end::absent: counts.absent += keys; break;
  case read_end::fetched: counts.fetched += keys; break;
  case read_end::failed: counts.failed += keys; break;
  }
}

void measures::fetched_in(std::size_t node, vtime took) {
  auto us = std::chrono::floor<std::chrono::microseconds>(took).count();
  fetch_times_[places_.nodes[node].group].add(static_cast<std::uint64_t>(us));
}

void measures::happened(vtime now, const std::string& text) {
  if (marks_.size() < marks_max)
    marks_.push_back({now, text});
  else
    ++marks_left_out_;
}

lag measures::lag_of(std::size_t node, vtime now) const {
  lag worst;
  for (const auto& each : instances_) {
    auto at = each.lag_of(node, now);
    worst.entries = std::max(worst.entries, at.entries);
    worst.time = std::max(worst.time, at.time);
  }
  return worst;
}

void measures::sample(vtime now, const std::vector<bool>& serves) {
  time_sample made;
  made.when = now;
  std::vector<index_t> entries;
  std::vector<vtime> times;
  for (std::size_t node = 1; node < places_.nodes.size(); ++node) {
    if (!serves[node]) continue;
    auto at = lag_of(node, now);
    entries.push_back(at.entries);
    times.push_back(at.time);
  }
  made.down = static_cast<std::uint64_t>(std::count(serves.begin(), serves.end(), false));
  if (!entries.empty()) {
    auto middle = static_cast<long>(entries.size() / 2);
    std::nth_element(entries.begin(), entries.begin() + middle, entries.end());
    std::nth_element(times.begin(), times.begin() + middle, times.end());
    made.lag_entries_median = entries[entries.size() / 2];
    made.lag_median = times[times.size() / 2];
    made.lag_entries_max = *std::max_element(entries.begin(), entries.end());
    made.lag_max = *std::max_element(times.begin(), times.end());
  }
  made.groups = sample_groups();
  timeline_.add(std::move(made));
}

std::vector<group_sample> measures::sample_groups() const {
  std::vector<group_sample> groups(places_.groups.size());
  std::vector<std::uint64_t> looked_at(groups.size());
  for (std::size_t node = 0; node < places_.nodes.size(); ++node) {
    auto number = places_.nodes[node].group;
    groups[number].hits += reads_[node].local;
    groups[number].misses += reads_[node].fetched + reads_[node].failed;
    groups[number].stored_bytes += stored_[node];
    if (stored_[node] > 0) ++looked_at[number];
  }
  for (std::size_t n = 0; n < groups.size(); ++n)
    if (looked_at[n] > 0) groups[n].stored_bytes /= looked_at[n];
  return groups;
}

std::vector<histogram> measures::delays() const {
  std::vector<histogram> all(propagation::depth_max + 1);
  for (const auto& instance : instances_)
    for (std::size_t depth = 0; depth < all.size(); ++depth) all[depth].add(instance.by_depth()[depth]);
  return all;
}

lag measures::worst_lag() const {
  lag worst;
  for (const auto& each : samples()) {
    worst.entries = std::max(worst.entries, each.lag_entries_max);
    worst.time = std::max(worst.time, each.lag_max);
  }
  return worst;
}

read_counts measures::reads_of_group(std::size_t group) const {
  read_counts sum;
  for (std::size_t node = 0; node < reads_.size(); ++node)
    if (places_.nodes[node].group == group) sum.add(reads_[node]);
  return sum;
}

read_counts measures::reads_of(tree_kind kind) const {
  read_counts sum;
  for (std::size_t node = 0; node < reads_.size(); ++node)
    if (places_.nodes[node].kind == kind) sum.add(reads_[node]);
  return sum;
}

} // namespace argentum::sim
