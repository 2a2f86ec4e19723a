// SPDX-License-Identifier: Apache-2.0
// Does the upstream send what the root writes? One whose own disk or line is too slow has fresh news of the root,
// but its entries fall behind them for ever. Lag alone says nothing: a node that catches up has much of it, and
// less each second; after a burst it is large for a while. So it is the least lag of a span that has to grow, span
// after span.
#pragma once

#include "actors/wake_up.hpp"
#include "messages/oracle_limits.hpp"
#include "messages/types.hpp"

#include <algorithm>
#include <limits>
#include <optional>

namespace argentum::actors {

class lag_watch {
 public:
  /// A new upstream: it has all the time again.
  void start() noexcept { first_.reset(); }

  /// Fresh news: the root's head, and what of it has arrived here. `held_up`: our own store is what is slow. True
  /// if the lag has grown for limits::lag_growing_max, and by a sixteenth of what was written meanwhile: less than
  /// that may be the way of the entries, which is longer than that of the news.
  bool too_slow(index_t root_head, index_t received, bool held_up, time_point now) noexcept {
    auto lag = root_head > received ? root_head - received : 0;
    auto paused = now - last_ > 3 * limits::heartbeat_interval; // no news for a while: the entries come now
    last_ = now;
    if (!first_ || held_up || paused) return begin({root_head, lag}, now);
    least_ = std::min(least_, lag);
    if (now - span_began_ < limits::lag_growing_max / spans) return false;
    if (least_ <= least_before_) return begin({root_head, least_}, now);
    least_before_ = least_;
    open_span(now);
    return ++grown_ >= spans && (least_before_ - first_->lag) * 16 >= root_head - first_->head;
  }

 private:
  static constexpr int spans = 3;
  struct sample {
    index_t head = 0;
    index_t lag = 0;
  };

  bool begin(const sample& from, time_point now) noexcept {
    first_ = from;
    least_before_ = from.lag;
    grown_ = 0;
    open_span(now);
    return false;
  }
  void open_span(time_point now) noexcept {
    span_began_ = now;
    least_ = std::numeric_limits<index_t>::max();
  }

  std::optional<sample> first_;
  index_t least_before_ = 0; ///< of the span before this one
  index_t least_ = 0;        ///< of this one
  int grown_ = 0;            ///< spans in a row
  time_point span_began_;
  time_point last_;
};

} // namespace argentum::actors
