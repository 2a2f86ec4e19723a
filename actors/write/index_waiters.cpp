// SPDX-License-Identifier: Apache-2.0
#include "actors/write/index_waiters.hpp"

namespace argentum::actors {

bool index_waiters::add(const wait_index& wish, index_t applied, time_point now) {
  if (applied >= wish.index) {
    wish.reply.deliver(applied);
    return true;
  }
  if (by_index_.size() >= max_) purge();
  if (by_index_.size() >= max_) {
    wish.reply.deliver(make_error(errc::overloaded, "too many wait for an index"));
    return false;
  }
  key id{wish.index, ++count_};
  auto deadline = wish.timeout.count() > 0 ? now + wish.timeout : time_point::max();
  by_index_.emplace(id, waiter{deadline, wish.reply});
  if (deadline != time_point::max()) by_deadline_.emplace(deadline, id);
  return true;
}

void index_waiters::reached(index_t applied) {
  while (!by_index_.empty() && by_index_.begin()->first.first <= applied) {
    auto node = by_index_.extract(by_index_.begin());
    by_deadline_.erase({node.mapped().deadline, node.key()});
    node.mapped().reply.deliver(applied);
  }
}

void index_waiters::expire(time_point now) {
  while (!by_deadline_.empty() && by_deadline_.begin()->first <= now) {
    auto node = by_index_.extract(by_deadline_.begin()->second);
    by_deadline_.erase(by_deadline_.begin());
    node.mapped().reply.deliver(make_error(errc::timed_out, "the index was not reached in time"));
  }
}

void index_waiters::purge() {
  std::erase_if(by_index_, [this](const auto& each) {
    if (!each.second.reply.abandoned()) return false;
    by_deadline_.erase({each.second.deadline, each.first});
    return true;
  });
}

void index_waiters::fail(const caf::error& reason) {
  for (auto& [id, who] : by_index_) who.reply.deliver(reason);
  by_index_.clear();
  by_deadline_.clear();
}

time_point index_waiters::next_deadline() const {
  return by_deadline_.empty() ? time_point::max() : by_deadline_.begin()->first;
}

} // namespace argentum::actors
