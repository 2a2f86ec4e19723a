// SPDX-License-Identifier: Apache-2.0
// How far each place has come with the root's entries: who follows whom, and the time from the moment the root's
// store applied an entry to the moment a place's readers see it for the first time. Not counted is what a place
// finds when it joins the tree, what comes by a full copy, and what is applied again after a crash.
#pragma once

#include "apps/sim/report/entry_times.hpp"
#include "apps/sim/report/histogram.hpp"

#include <vector>

namespace argentum::sim {

/// Where one instance stands.
struct lag {
  index_t entries = 0; ///< of the root that are not here yet
  vtime time{0};       ///< since the oldest of them was applied at the root
};

/// Of one instance; places are numbered as the nodes are, the root is 0.
class propagation {
 public:
  /// Nodes deeper than that are counted as if they were there; real trees have three or four levels.
  static constexpr std::size_t depth_max = 15;
  static constexpr std::size_t nobody = SIZE_MAX;

  explicit propagation(std::size_t places) : places_(places), by_depth_(depth_max + 1) {}

  void logged(index_t index, vtime when, std::uint64_t bytes, std::uint64_t superseded) {
    entries_.add(index, when, bytes, superseded);
  }
  /// A place's readers see everything up to `index`, entry by entry.
  void applied(std::size_t place, index_t index, vtime now);
  /// A process opened its store there, or switched to a copy.
  void opened(std::size_t place, index_t index);
  void follows(std::size_t place, std::size_t upstream);

  /// nobody: it never followed one.
  std::size_t upstream(std::size_t place) const { return places_[place].upstream; }
  /// Steps to the root; 0 if no way there is known.
  std::size_t depth(std::size_t place) const;
  lag lag_of(std::size_t place, vtime now) const;
  /// Delays in microseconds; by_depth()[0] is empty.
  const std::vector<histogram>& by_depth() const noexcept { return by_depth_; }
  const entry_times& entries() const noexcept { return entries_; }

 private:
  struct state {
    std::size_t upstream = nobody;
    index_t applied = 0;
    index_t seen = 0; ///< the most that it ever had applied
  };
  entry_times entries_;
  std::vector<state> places_;
  std::vector<histogram> by_depth_;
};

} // namespace argentum::sim
