// SPDX-License-Identifier: Apache-2.0
#include "actors/lookup/service_rate.hpp"

#include "messages/oracle_limits.hpp"

namespace argentum::actors {

namespace {

double seconds(service_rate::duration time) noexcept {
  return std::chrono::duration<double>{time}.count();
}

} // namespace

void service_rate::queueing(bool any, time_point now) noexcept {
  if (!any) *this = {};
  if (any && !since_) since_ = now;
}

void service_rate::answered(std::size_t count, time_point now) noexcept {
  if (!since_) return;
  count_ += count;
  if (now - *since_ < limits::service_window) return;
  per_second_ = static_cast<double>(count_) / seconds(now - *since_);
  since_ = now;
  count_ = 0;
}

bool service_rate::can_serve(std::size_t waiting, duration within) const noexcept {
  return per_second_ == 0 || static_cast<double>(waiting) <= per_second_ * seconds(within);
}

} // namespace argentum::actors
