// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/sim_clock.hpp"

#include <caf/scheduled_actor.hpp>

#include <algorithm>

namespace argentum::sim {

namespace {

/// All jobs are actors that CAF schedules: nothing is detached here, and nothing else is scheduled.
std::uint64_t id_of(const caf::resumable* job) {
  return static_cast<const caf::scheduled_actor*>(job)->id();
}

} // namespace

sim_clock::sim_clock(std::uint64_t seed, trace& trace) : order_(seed), trace_(trace) {
  config_.set("scheduler.policy", caf::atom("testing"));
  system_.emplace(config_);
  system_->await_actors_before_shutdown(false);
  scheduler_ = &dynamic_cast<caf::scheduler::test_coordinator&>(system_->scheduler());
}

sim_clock::~sim_clock() {
  for (auto* job : held_jobs_) scheduler_->jobs.push_back(job);
  held_.clear();
  interrupts_.clear();
  settle();
  events_.clear();
}

vtime sim_clock::now() const noexcept {
  return scheduler_->clock().now().time_since_epoch();
}

void sim_clock::at(vtime when, event what) {
  events_.push_back({std::max(when, now()), ++last_event_, std::move(what)});
  std::push_heap(events_.begin(), events_.end(), is_later{});
}

std::uint64_t sim_clock::latest_actor() const {
  return system_->latest_actor_id();
}

bool sim_clock::is_held(const caf::resumable* job) const {
  auto id = id_of(job);
  return std::any_of(held_.begin(), held_.end(), [id](const actor_range& each) { return each.has(id); });
}

bool sim_clock::step() {
  auto& jobs = scheduler_->jobs;
  for (;;) {
    if (jobs.empty()) return false;
    if (jobs.size() > 1) std::swap(jobs.front(), jobs[order_.below(jobs.size())]);
    if (held_.empty() || !is_held(jobs.front())) break;
    held_jobs_.push_back(jobs.front());
    jobs.pop_front();
  }
  ++steps_;
  trace_.note(id_of(jobs.front()));
  return scheduler_->try_run_once();
}

void sim_clock::settle() {
  for (;;) {
    bool due = !interrupts_.empty() && interrupts_.begin()->first <= steps_;
    if (!due && step()) continue;
    if (interrupts_.empty()) return;
    auto next = interrupts_.extract(interrupts_.begin());
    next.mapped()();
  }
}

void sim_clock::run_until(vtime end, const std::function<bool()>& stop) {
  settle();
  while (now() < end || is_due(end)) {
    if (stop && stop()) return;
    auto next = end;
    const auto& timers = scheduler_->clock().schedule();
    if (!timers.empty()) next = std::min<vtime>(next, timers.begin()->first.time_since_epoch());
    if (!events_.empty()) next = std::min(next, events_.front().when);
    scheduler_->advance_time(std::max(next - now(), vtime{0}));
    trace_.note(static_cast<std::uint64_t>(now().count()));
    while (is_due(now())) {
      std::pop_heap(events_.begin(), events_.end(), is_later{});
      auto due = std::move(events_.back().what);
      events_.pop_back();
      due();
    }
    settle();
  }
}

void sim_clock::hold(actor_range actors) {
  held_.push_back(actors);
}

void sim_clock::release(actor_range actors) {
  std::erase_if(held_, [&](const actor_range& each) { return each == actors; });
  std::erase_if(held_jobs_, [&](caf::resumable* job) {
    if (!actors.has(id_of(job))) return false;
    scheduler_->jobs.push_back(job);
    return true;
  });
}

} // namespace argentum::sim
