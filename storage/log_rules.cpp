// SPDX-License-Identifier: Apache-2.0
#include "storage/log_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace argentum::storage {

namespace {

constexpr index_t cut_share = 16;

/// The smallest index in [low, high] at which `holds` turns true; `high` if it never does before.
caf::expected<index_t> first_where(index_t low, index_t high,
                                   const std::function<caf::expected<bool>(index_t)>& holds) {
  while (low < high) {
    auto middle = low + (high - low) / 2;
    auto there = holds(middle);
    if (!there) return there.error();
    if (*there)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

bool same_point(const position& a, const position& b) {
  return a.index == b.index && a.chain == b.chain && (a.index == 0 || a.epoch == b.epoch);
}

} // namespace

caf::expected<position_check> judge_position(const position& from, const store_state& state,
                                             const std::function<caf::expected<position>(index_t)>& logged) {
  const auto& head = state.applied;
  auto verdict = [&](bool same) {
    return position_check{same ? subscribe_verdict::accepted : subscribe_verdict::diverged, head};
  };
  if (from.index > head.index) return position_check{subscribe_verdict::behind, head};
  if (from.index == head.index) return verdict(same_point(from, head));
  if (from.index < state.log_base.index) return position_check{subscribe_verdict::need_snapshot, head};
  if (from.index == state.log_base.index) return verdict(same_point(from, state.log_base));
  auto ours = logged(from.index);
  if (!ours) return ours.error();
  return verdict(same_point(from, *ours));
}

caf::expected<index_t> find_cut(const store_state& state, const log_retention& keep, index_t keep_after,
                                const log_sizes& log) {
  auto base = state.log_base.index, head = state.applied.index;
  auto limit = std::min(keep_after, head);
  if (limit <= base) return base;
  auto oldest = state.stamp - keep.age;
  // Most calls find nothing to do. Two probes tell: is the last entry of the smallest cut old, or is there too much
  // from it on?
  auto smallest = base + (head - base + cut_share - 1) / cut_share;
  if (smallest > limit) return base;
  auto last = log.stamp_of(smallest);
  if (!last) return last.error();
  if (*last >= oldest && keep.bytes != 0) {
    auto bytes = log.bytes_after(smallest - 1);
    if (!bytes) return bytes.error();
    if (*bytes <= keep.bytes) return base;
  }
  auto young = first_where(base + 1, head, [&](index_t i) -> caf::expected<bool> {
    auto stamp = log.stamp_of(i);
    if (!stamp) return stamp.error();
    return *stamp >= oldest;
  });
  if (!young) return young.error();
  auto small = first_where(base, head, [&](index_t i) -> caf::expected<bool> {
    if (keep.bytes == 0) return false; // an estimate of nothing does not mean that nothing is there
    auto bytes = log.bytes_after(i);
    if (!bytes) return bytes.error();
    return *bytes <= keep.bytes;
  });
  if (!small) return small.error();
  auto cut = std::min(std::max(*young - 1, *small), limit);
  return (cut - base) * cut_share >= head - base ? cut : base;
}

caf::error check_log_start(const store_state& state, index_t after) {
  if (after > state.applied.index)
    return make_error(errc::invalid, fmt::format("log is at {}, not yet at {}", state.applied.index, after));
  if (after < state.log_base.index)
    return make_error(errc::log_truncated, fmt::format("log starts after {}", state.log_base.index));
  return {};
}

} // namespace argentum::storage
