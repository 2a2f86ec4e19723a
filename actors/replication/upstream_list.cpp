// SPDX-License-Identifier: Apache-2.0
#include "actors/replication/upstream_list.hpp"

#include "messages/limits.hpp"

#include <algorithm>

namespace argentum::actors {

upstream_list::delay upstream_list::again() {
  return back_off();
}

upstream_list::delay upstream_list::next() {
  at_ = (at_ + 1) % addresses_.size();
  return ++failures_ % addresses_.size() == 0 ? back_off() : delay{0};
}

void upstream_list::succeeded() noexcept {
  failures_ = 0;
  rounds_ = 0;
}

upstream_list::delay upstream_list::back_off() {
  delay most = limits::redial_delay_max;
  delay full = std::min<delay>(most, delay{limits::redial_delay_min} * (1u << std::min(rounds_, 16u)));
  ++rounds_;
  return delay{std::uniform_int_distribution<delay::rep>{full.count() / 2, full.count()}(random_)};
}

} // namespace argentum::actors
