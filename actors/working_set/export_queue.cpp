// SPDX-License-Identifier: Apache-2.0
#include "actors/working_set/export_queue.hpp"

#include "messages/sampling_limits.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace argentum::actors {

namespace {

/// Doubles with each failure up to the longest.
std::chrono::milliseconds pause_after(unsigned failures) {
  auto doubled = limits::export_retry_min * (1u << std::min(failures - 1, 10u));
  return std::min<std::chrono::milliseconds>(doubled, limits::export_retry_max);
}

} // namespace

bool export_queue::add(timed_sample sample) {
  if (waiting() >= limits::export_rows_max) return false;
  rows_.push_back(std::move(sample));
  return true;
}

sample_rows export_queue::next(time_point now) {
  if (under_way_ || (rows_.empty() && !batch_)) return nullptr;
  if (now < not_before_ && (failures_ > 0 || rows_.size() < limits::export_batch_rows)) return nullptr;
  if (!batch_) {
    auto end = rows_.begin() + static_cast<std::ptrdiff_t>(std::min(rows_.size(), limits::export_batch_rows));
    batch_ = std::make_shared<const std::vector<timed_sample>>(std::make_move_iterator(rows_.begin()),
                                                               std::make_move_iterator(end));
    rows_.erase(rows_.begin(), end);
  }
  under_way_ = true;
  return batch_;
}

std::size_t export_queue::done(bool stored, time_point now) {
  under_way_ = false;
  if (!stored) {
    not_before_ = now + pause_after(++failures_);
    return 0;
  }
  failures_ = 0;
  not_before_ = now + limits::export_delay;
  return std::exchange(batch_, nullptr)->size();
}

} // namespace argentum::actors
