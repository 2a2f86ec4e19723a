// SPDX-License-Identifier: Apache-2.0
#include "apps/node/runtime.hpp"

#include <caf/actor_system.hpp>
#include <caf/detail/set_thread_name.hpp>

#include <algorithm>

namespace argentum::runtime {

namespace {

/// Messages an actor handles before another one gets its worker. Without a bound an actor that sends to itself
/// starves its worker for ever; much smaller ones cost a queue operation per message.
constexpr std::size_t messages_per_turn = 100;

} // namespace

void coordinator::start() {
  timer_thread_ = std::thread{[this] {
    caf::detail::set_thread_name("argentum.clock");
    system().thread_started();
    clock_.run();
    system().thread_terminates();
  }};
  super::start();
}

void coordinator::stop() {
  // First: a timer that fires after the workers are gone would leave its actor in their queue.
  clock_.stop();
  timer_thread_.join();
  super::stop();
}

system_config::system_config(unsigned workers) {
  if (workers == 0) workers = std::max(1u, std::thread::hardware_concurrency());
  load<coordinator>();
  set("scheduler.max-threads", workers);
  set("scheduler.max-throughput", messages_per_turn);
}

} // namespace argentum::runtime
