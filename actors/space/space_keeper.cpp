// SPDX-License-Identifier: Apache-2.0
#include "actors/space/space_keeper.hpp"

#include "messages/limits.hpp"

#include <algorithm>

namespace argentum::actors {

namespace {

constexpr std::uint64_t pass_part = 16;   ///< of the limit: how far below it a pass ends
constexpr std::uint64_t reopen_part = 32; ///< and admission is open again
constexpr std::uint64_t reserve_part = 8; ///< what a step may need at most
constexpr std::uint64_t verdict_part = 8; ///< of what could be evicted

std::uint64_t above(std::uint64_t value, std::uint64_t bound) noexcept {
  return value > bound ? value - bound : 0;
}

/// The limit in bytes; of a volume that is not known, 0.
std::uint64_t bytes_of(const space_limit& limit, const space_report& now) noexcept {
  switch (limit.what) {
  case space_limit::kind::budget: return limit.amount;
  case space_limit::kind::free_bytes: return now.volume_bytes == 0 ? 0 : limit.amount;
  case space_limit::kind::free_percent: break;
  }
  return now.volume_bytes / 100 * limit.amount;
}

/// Bytes by which the limit, made stricter by one part of itself, is passed; 0 = it holds. part 0: as it is.
std::uint64_t excess(const space_limit& limit, const space_report& now, std::uint64_t part) noexcept {
  auto bytes = bytes_of(limit, now);
  auto margin = part == 0 ? 0 : bytes / part;
  auto reserve = std::min<std::uint64_t>(limits::table_bytes, bytes / reserve_part);
  if (limit.what == space_limit::kind::budget) return above(now.disk_bytes + reserve + margin, bytes);
  return above(bytes + reserve + margin, now.free_bytes);
}

std::uint64_t excess(const std::vector<space_limit>& all, const space_report& now, std::uint64_t part) noexcept {
  std::uint64_t most = 0;
  for (const auto& each : all) most = std::max(most, excess(each, now, part));
  return most;
}

} // namespace

space_verdict space_keeper::look(const space_report& now) {
  auto over_hard = excess(limits_.hard, now, 0);
  auto to_low_water = excess(limits_.soft, now, pass_part);
  closed_ = over_hard > 0 || (closed_ && excess(limits_.hard, now, reopen_part) > 0);
  evicting_ = excess(limits_.soft, now, 0) > 0 || (evicting_ && to_low_water > 0);
  auto evictable = above(now.value_bytes, now.window_bytes);
  space_verdict out;
  out.admit = closed_ ? admission::closed : to_low_water > 0 ? admission::selective : admission::open;
  out.alarm = over_hard > evictable;
  if (evicting_) out.to_free = std::min(to_low_water, std::max<std::uint64_t>(evictable / verdict_part, 1));
  return out;
}

} // namespace argentum::actors
