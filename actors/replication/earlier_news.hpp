// SPDX-License-Identifier: Apache-2.0
// Has the root come back with an earlier clock while this node followed nobody? Then all others tell older news
// than the last ones here, and the guard against loops would keep this node away until the clock has caught up. The
// proof is that those older news grow as a root's do: by about a second each second.
#pragma once

#include "actors/wake_up.hpp"
#include "messages/limits.hpp"

#include <cstdint>
#include <optional>

namespace argentum::actors {

class earlier_news {
 public:
  /// An upstream is followed.
  void start() noexcept { first_.reset(); }

  /// Somebody who can't be followed tells these news, and ours are `own`.
  bool proven(std::uint64_t told, std::uint64_t own, time_point now) noexcept {
    if (told == 0 || told >= own) return false;
    if (!first_ || told < first_->news) first_ = sample{told, now};
    auto passed = std::chrono::duration_cast<std::chrono::microseconds>(now - first_->when);
    return passed >= limits::upstream_stale_after
           && told - first_->news >= static_cast<std::uint64_t>(passed.count() / 2);
  }

 private:
  struct sample {
    std::uint64_t news = 0;
    time_point when;
  };
  std::optional<sample> first_;
};

} // namespace argentum::actors
