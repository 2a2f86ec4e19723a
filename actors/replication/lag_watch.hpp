// SPDX-License-Identifier: Apache-2.0
// Does the upstream send what the root writes? One whose own disk or line is too slow has fresh news of the root,
// but its entries fall behind them for ever. Lag alone says nothing: a node that catches up has much of it, and
// less each second.
#pragma once

#include "actors/wake_up.hpp"
#include "messages/oracle_limits.hpp"
#include "messages/types.hpp"

#include <optional>

namespace argentum::actors {

class lag_watch {
 public:
  /// A new upstream: it has all the time again.
  void start() noexcept { since_.reset(); }

  /// Fresh news: the root's head, and what of it has arrived here. `held_up`: our own store is what is slow. True
  /// if the lag has grown for limits::lag_growing_max by an eighth of what was written meanwhile: less than that is
  /// the way of the entries, which is longer than that of the news.
  bool too_slow(index_t root_head, index_t received, bool held_up, time_point now) noexcept {
    auto lag = root_head > received ? root_head - received : 0;
    auto paused = now - last_ > 3 * limits::heartbeat_interval; // no news for a while: the entries come now
    last_ = now;
    if (!since_ || held_up || paused || lag <= since_->lag) {
      since_ = sample{root_head, lag, now};
      return false;
    }
    if (now - since_->when < limits::lag_growing_max) return false;
    if ((lag - since_->lag) * 8 >= root_head - since_->head) return true;
    since_ = sample{root_head, lag, now};
    return false;
  }

 private:
  struct sample {
    index_t head = 0;
    index_t lag = 0;
    time_point when;
  };
  std::optional<sample> since_;
  time_point last_;
};

} // namespace argentum::actors
