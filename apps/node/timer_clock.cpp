// SPDX-License-Identifier: Apache-2.0
#include "apps/node/timer_clock.hpp"

#include <caf/abstract_actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/group.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message.hpp>
#include <caf/sec.hpp>
#include <caf/system_messages.hpp>

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace argentum::runtime {

void timer_clock::set_ordinary_timeout(time_point due, caf::abstract_actor* self, caf::atom_value type,
                                       std::uint64_t id) {
  set_timeout(due, self, caf::make_message_id(), caf::make_message(caf::timeout_msg{type, id}));
}

void timer_clock::set_multi_timeout(time_point due, caf::abstract_actor* self, caf::atom_value type,
                                    std::uint64_t id) {
  set_timeout(due, self, caf::make_message_id(), caf::make_message(caf::timeout_msg{type, id}));
}

void timer_clock::set_request_timeout(time_point due, caf::abstract_actor* self, caf::message_id id) {
  set_timeout(due, self, id, caf::make_message(caf::make_error(caf::sec::request_timeout)));
}

void timer_clock::set_timeout(time_point due, caf::abstract_actor* self, caf::message_id id, caf::message content) {
  arm(due, {self->ctrl(), caf::make_mailbox_element(nullptr, id, {}, std::move(content)), true});
}

void timer_clock::schedule_message(time_point due, caf::strong_actor_ptr receiver,
                                   caf::mailbox_element_ptr content) {
  if (!receiver) return;
  bool from_receiver = content->sender == receiver;
  if (from_receiver) content->sender = nullptr; // the element must not hold what the timer may not
  arm(due, {receiver.get(), std::move(content), from_receiver});
}

void timer_clock::schedule_message(time_point, caf::group, caf::strong_actor_ptr, caf::message) {
  std::fputs("argentum: delayed messages to CAF groups are not supported\n", stderr);
  std::abort();
}

void timer_clock::arm(time_point due, timer what) {
  std::lock_guard lock{mutex_};
  inbox_.push_back({due, std::move(what)});
  if (due < wake_at_) {
    wake_at_ = due;
    changed_.notify_one();
  }
}

void timer_clock::cancel_all() {
  std::lock_guard lock{mutex_};
  drop_all_ = true;
  wake_at_ = time_point::min();
  changed_.notify_one();
}

void timer_clock::stop() {
  std::lock_guard lock{mutex_};
  stopped_ = true;
  changed_.notify_one();
}

std::vector<timer_clock::timer> timer_clock::wait_for_due() {
  std::vector<armed_timer> arrived;
  std::vector<timer> due;
  std::multimap<time_point, timer> dropped; // destroyed after the lock is given back: an actor may end with it
  std::unique_lock lock{mutex_};
  for (;;) {
    if (std::exchange(drop_all_, false)) {
      arrived.swap(inbox_);
      dropped.swap(by_due_);
      lock.unlock();
      arrived.clear();
      dropped.clear();
      lock.lock();
    }
    for (auto& [when, what] : inbox_) by_due_.emplace(when, std::move(what));
    inbox_.clear();
    if (stopped_) return due;
    auto now = clock_type::now();
    while (!by_due_.empty() && by_due_.begin()->first <= now) {
      due.push_back(std::move(by_due_.begin()->second));
      by_due_.erase(by_due_.begin());
    }
    if (!due.empty()) {
      wake_at_ = time_point::min(); // the inbox is read again before the next wait: nobody needs to wake us
      return due;
    }
    if (by_due_.empty()) {
      wake_at_ = time_point::max();
      changed_.wait(lock);
    } else {
      wake_at_ = by_due_.begin()->first;
      changed_.wait_until(lock, wake_at_);
    }
  }
}

void timer_clock::run() {
  for (;;) {
    auto due = wait_for_due();
    if (due.empty()) break;
    for (auto& what : due) deliver(what);
  }
  by_due_.clear();
}

void timer_clock::deliver(timer& what) {
  auto receiver = caf::actor_cast<caf::strong_actor_ptr>(what.receiver);
  if (!receiver) return;
  if (what.from_receiver) what.content->sender = receiver;
  receiver->enqueue(std::move(what.content), nullptr);
}

} // namespace argentum::runtime
