// SPDX-License-Identifier: Apache-2.0
#include "actors/replication/ack_waiters.hpp"

#include <algorithm>

namespace argentum::actors {

bool ack_waiters::add(wait_acks wish, time_point now) {
  if (waiting_.size() >= max_) {
    wish.reply.deliver(make_error(errc::overloaded, "too many wait for downstreams"));
    return false;
  }
  auto deadline = wish.timeout.count() > 0 ? now + wish.timeout : time_point::max();
  waiting_.push_back({std::move(wish), deadline});
  return true;
}

void ack_waiters::update(const std::vector<index_t>& durable, time_point now) {
  std::erase_if(waiting_, [&](const waiter& each) {
    if (each.wish.reply.abandoned()) return true;
    auto have = static_cast<std::size_t>(
        std::count_if(durable.begin(), durable.end(), [&](index_t index) { return index >= each.wish.index; }));
    if (have < each.wish.count && now < each.deadline) return false;
    each.wish.reply.deliver(have);
    return true;
  });
}

time_point ack_waiters::next_deadline() const {
  auto next = time_point::max();
  for (const auto& each : waiting_) next = std::min(next, each.deadline);
  return next;
}

} // namespace argentum::actors
