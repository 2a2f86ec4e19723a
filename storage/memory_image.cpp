// SPDX-License-Identifier: Apache-2.0
#include "storage/memory_image.hpp"

#include <utility>

namespace argentum::storage {

void memory_image::commit() {
  unsynced_.clear();
  synced_ = state;
  synced_samples_ = samples;
}

void memory_image::crash() {
  state = synced_;
  samples = synced_samples_;
  roll_back(0);
}

void memory_image::roll_back(std::size_t mark) {
  while (unsynced_.size() > mark) {
    take_back(unsynced_.back());
    unsynced_.pop_back();
  }
  log.resize(state.applied.index - state.log_base.index);
}

const memory_record* memory_image::find(std::string_view key) const {
  auto it = keys.find(key);
  return it == keys.end() ? nullptr : &it->second.now;
}

memory_image::place memory_image::look_up(std::string_view key) {
  auto it = keys.lower_bound(key);
  return {it, it != keys.end() && it->first == key};
}

void memory_image::set_record(place where, std::string_view key, memory_record record, bool keep_old) {
  if (!where.found) {
    unsynced_.push_back(record_change{std::string{key}, {}, false});
    keys.emplace_hint(where.at, key, memory_key{std::move(record), {}});
    return;
  }
  auto& of = where.at->second;
  unsynced_.push_back(record_change{std::string{key}, of.now, keep_old});
  auto old = std::exchange(of.now, std::move(record));
  if (keep_old) of.past.push_back(std::move(old));
}

void memory_image::erase_record(place where) {
  if (!where.found) return;
  unsynced_.push_back(record_change{where.at->first, std::move(where.at->second.now), false});
  keys.erase(where.at);
}

void memory_image::note_stamps(const std::vector<stamp_t>& stamps, std::chrono::microseconds span) {
  if (stamps.empty() || !samples->wants(stamps.back(), span)) return;
  auto next = *samples;
  auto index = state.applied.index;
  for (auto stamp : stamps) next.note({++index, stamp}, span);
  samples = std::make_shared<const stamp_samples>(std::move(next));
}

void memory_image::take_back(const record_change& change) {
  if (!change.before) {
    keys.erase(change.key);
    return;
  }
  auto& of = keys[change.key];
  of.now = *change.before;
  if (change.kept_old) of.past.pop_back();
}

} // namespace argentum::storage
