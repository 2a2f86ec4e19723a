// SPDX-License-Identifier: Apache-2.0
#include "actors/lookup/replica_health.hpp"

#include "messages/oracle_limits.hpp"

#include <algorithm>

namespace argentum::actors {

replica_health::phase replica_health::at(time_point now) const noexcept {
  if (isolation_ == duration{0}) return phase::well;
  return now < until_ ? phase::isolated : phase::half_open;
}

bool replica_health::failed(const std::string& why, time_point now) {
  ++failures_;
  auto current = at(now);
  if (current == phase::isolated) return false; // asked before it was, or because there is no other
  if (current == phase::well && failures_ < limits::isolation_failures) return false;
  isolation_ = std::clamp<duration>(isolation_ * 2, limits::replica_isolation, limits::replica_isolation_max);
  until_ = now + isolation_;
  trouble_ = why + ", " + std::to_string(failures_) + " times in a row";
  return true;
}

} // namespace argentum::actors
