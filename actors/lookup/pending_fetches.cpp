// SPDX-License-Identifier: Apache-2.0
#include "actors/lookup/pending_fetches.hpp"

#include <algorithm>
#include <iterator>

namespace argentum::actors {

fetch_id pending_fetches::add(fetch_command& command, time_point deadline) {
  fetch_id id = next_++;
  auto count = command.items.size();
  auto& f = fetches_[id];
  f.reply = std::move(command.reply);
  f.bytes_max = command.bytes_max;
  f.values.resize(count);
  f.misses.resize(count);
  f.missing = count;
  waiting_ += count;
  deadlines_.emplace_back(deadline, id);
  return id;
}

void pending_fetches::wait(fetch_id id, std::size_t slot, miss_id miss) {
  fetches_.at(id).misses[slot] = miss;
}

caf::error pending_fetches::fill(fetch_id id, std::size_t slot, std::string value) {
  auto it = fetches_.find(id);
  if (it == fetches_.end()) return {};
  auto& f = it->second;
  f.bytes += value.size();
  bytes_ += value.size();
  f.values[slot] = std::move(value);
  f.misses[slot] = 0;
  --waiting_;
  --f.missing;
  if (f.bytes > f.bytes_max) return make_error(errc::too_large, "the values of one read are too large together");
  if (f.missing > 0)
    return bytes_ > bytes_max_ ? make_error(errc::overloaded, "too many values wait for others") : caf::error{};
  f.reply.deliver(std::move(f.values));
  drop(it);
  return {};
}

std::vector<miss_id> pending_fetches::fail(fetch_id id, const caf::error& reason) {
  auto it = fetches_.find(id);
  if (it == fetches_.end()) return {};
  auto open = open_misses(id);
  waiting_ -= it->second.missing;
  it->second.reply.deliver(reason);
  drop(it);
  return open;
}

std::optional<fetch_id> pending_fetches::expired(time_point now) const {
  if (deadlines_.empty() || now < deadlines_.front().first) return std::nullopt;
  return deadlines_.front().second;
}

std::vector<miss_id> pending_fetches::open_misses(fetch_id id) const {
  std::vector<miss_id> open;
  auto it = fetches_.find(id);
  if (it == fetches_.end()) return open;
  const auto& all = it->second.misses;
  std::copy_if(all.begin(), all.end(), std::back_inserter(open), [](miss_id m) { return m != 0; });
  return open;
}

/// What it holds is given back. Finished fetches leave the line of deadlines when they reach its front, so its
/// front is always a live one.
void pending_fetches::drop(fetch_map::iterator it) {
  bytes_ -= it->second.bytes;
  fetches_.erase(it);
  while (!deadlines_.empty() && !fetches_.contains(deadlines_.front().second)) deadlines_.pop_front();
}

} // namespace argentum::actors
