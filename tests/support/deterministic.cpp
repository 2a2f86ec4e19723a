// SPDX-License-Identifier: Apache-2.0
#include "tests/support/deterministic.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>

namespace argentum::test {

deterministic::deterministic() {
  if (std::getenv("ARGENTUM_TEST_LOG") == nullptr)
    spdlog::set_level(spdlog::level::off); // failures are provoked here
  config_.set("scheduler.policy", caf::atom("testing"));
  system_.emplace(config_);
  system_->await_actors_before_shutdown(false);
  scheduler_ = &dynamic_cast<caf::scheduler::test_coordinator&>(system_->scheduler());
}

deterministic::~deterministic() {
  stop();
}

void deterministic::stop() {
  for (const auto& actor : actors_)
    caf::anon_send_exit(caf::actor_cast<caf::actor>(actor), caf::exit_reason::user_shutdown);
  actors_.clear();
  settle();
}

bool deterministic::step() {
  auto& jobs = scheduler_->jobs;
  if (order_ && jobs.size() > 1) std::swap(jobs.front(), jobs[(*order_)() % jobs.size()]);
  return scheduler_->try_run_once();
}

void deterministic::settle() {
  while (step()) {
  }
}

void deterministic::advance(std::chrono::nanoseconds time) {
  auto& clock = scheduler_->clock();
  auto end = clock.now() + time;
  settle();
  while (clock.now() < end) {
    auto next = clock.schedule().empty() ? end : std::min(end, clock.schedule().begin()->first);
    scheduler_->advance_time(std::max<caf::timespan>(next - clock.now(), caf::timespan{0}));
    settle();
  }
}

std::chrono::nanoseconds deterministic::now() const {
  return scheduler_->clock().now().time_since_epoch();
}

} // namespace argentum::test
