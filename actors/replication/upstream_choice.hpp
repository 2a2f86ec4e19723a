// SPDX-License-Identifier: Apache-2.0
// Which upstream is tried when: those of a fixed list, in order of preference, or those that the oracle has found,
// the cheapest first. A failure moves on to the next at once. After a whole round of failures comes a pause, longer
// each time, with jitter so that the downstreams of a node that restarts don't come back all at the same moment;
// then the list is tried again, or the oracle asked again.
#pragma once

#include "messages/oracle.hpp"

#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace argentum::actors {

class upstream_choice {
 public:
  using delay = std::chrono::milliseconds;

  /// Of a fixed list.
  explicit upstream_choice(const std::vector<std::string>& addresses = {}, std::uint64_t seed = 0);
  /// Of what is found.
  static upstream_choice by_search(std::uint64_t seed);

  /// There is nobody and never will be: an empty list.
  bool empty() const noexcept { return !searches_ && targets_.empty(); }
  /// Somebody has to be found first.
  bool must_search() const noexcept { return searches_ && at_ == targets_.size(); }
  /// Whether there may be somebody else than the current one.
  bool has_others() const noexcept { return searches_ || targets_.size() > 1; }
  /// The address that is tried, or followed; empty if there is none.
  const std::string& current() const;
  /// To it and back, as measured last; 0: never.
  std::chrono::microseconds rtt() const;

  /// The oracle's answer: these are tried from the first on.
  void found(const std::vector<upstream_candidate>& candidates);
  /// The current one was measured again.
  void measured(std::chrono::microseconds rtt);
  /// It follows from now on: the others that were found with it will be out of date when it fails.
  void settled();

  /// We have to stop for a while: the same upstream again, after the returned delay.
  delay again();
  /// The link was lost: the same again, or whoever is found then.
  delay lost();
  /// The current one can't serve us: the next one, after the returned delay.
  delay next();
  /// Its news of the root are no newer than ours, so that it could be below us.
  delay no_newer(std::uint64_t its_news, std::uint64_t our_news);
  /// The current one has served us for a while: the next trouble starts with short delays again.
  void succeeded() noexcept;

 private:
  struct target {
    std::string address;
    std::chrono::microseconds rtt{0};
  };
  delay back_off();

  bool searches_ = false;
  std::vector<target> targets_;
  std::mt19937_64 random_;
  std::size_t at_ = 0;
  std::size_t failures_ = 0; ///< in a row
  unsigned rounds_ = 0;      ///< delays taken in a row
};

} // namespace argentum::actors
