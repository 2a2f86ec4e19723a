// SPDX-License-Identifier: Apache-2.0
#include "apps/net/event_loops.hpp"

#include <algorithm>

namespace argentum::net {

event_loops::event_loops(unsigned count) {
  if (count == 0) count = std::max(2u, std::thread::hardware_concurrency()) - 1;
  for (unsigned i = 0; i < count; ++i) {
    auto& made = *loops_.emplace_back(std::make_unique<loop>());
    made.thread = std::thread{[&made] { made.context.run(); }};
  }
}

event_loops::~event_loops() {
  stop();
  // A handler of one loop may hold a socket of another, as a listener's does: all go before the first loop does.
  for (auto& each : loops_) each->context.shutdown();
}

boost::asio::io_context& event_loops::next() noexcept {
  return at(turn_.fetch_add(1, std::memory_order_relaxed) % loops_.size());
}

void event_loops::stop() {
  for (auto& each : loops_) each->context.stop();
  for (auto& each : loops_)
    if (each->thread.joinable()) each->thread.join();
}

} // namespace argentum::net
