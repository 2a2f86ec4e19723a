// SPDX-License-Identifier: Apache-2.0
// Which replica to ask. Of two drawn at random the less loaded wins ("The power of two choices in randomized load
// balancing", Mitzenmacher 2001): nearly as even as the best of all, without the herd that follows a single best.
// Load is (requests in flight + 1) * smoothed latency. Who loses a draw is believed a little faster from then on,
// so that a replica that was slow once is measured again. Replicas of other datacenters are drawn only when none of
// our own can be asked. A replica that failed is avoided for limits::replica_isolation, unless there is no other.
#pragma once

#include "messages/limits.hpp"
#include "messages/types.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace argentum::actors {

/// Number of a replica in its pool, from 0.
using replica_no = std::size_t;

class replica_pool {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::steady_clock::duration;

  replica_pool() = default;
  /// An address that is given twice counts once.
  explicit replica_pool(const std::vector<std::string>& addresses);

  std::size_t size() const noexcept { return replicas_.size(); }
  const std::string& address(replica_no n) const { return replicas_[n].address; }
  link_id link(replica_no n) const { return replicas_[n].link; } ///< 0 = not connected
  std::optional<replica_no> at_address(const std::string& address) const;
  std::optional<replica_no> at_link(link_id link) const;

  // -- links --------------------------------------------------------------------------------------------------
  /// `far`: it stands in another datacenter.
  void connected(replica_no n, link_id link, bool far = false);
  /// Schedules the next attempt with growing, jittered delay.
  void disconnected(replica_no n, time_point now, std::mt19937_64& random);
  /// Replicas whose link is to be asked for now; each is named once per attempt.
  std::vector<replica_no> due(time_point now);
  /// When the next of them is.
  std::optional<time_point> next_due() const;

  // -- requests -----------------------------------------------------------------------------------------------
  /// May any connected replica be asked more? Requests in flight are bounded by number, and by the bytes that
  /// their answers are expected to have: a link must never be dropped for what we asked.
  bool has_room() const;
  struct choice {
    std::optional<replica_no> replica;
    bool busy = false; ///< nothing chosen, but one that may be asked has no room now
  };
  choice choose(time_point now, const std::function<bool(replica_no)>& may_ask, std::mt19937_64& random);
  void sent(replica_no n);
  /// A request is over, answered or not.
  void done(replica_no n);
  /// A request was answered in full.
  void answered(replica_no n, std::size_t bytes);
  /// Time from a request to the first part of its answer.
  void measured(replica_no n, duration took);
  /// It found no answer (time-out, disk error): avoid it for a while.
  void isolate(replica_no n, time_point now);

 private:
  struct replica {
    std::string address;
    link_id link;
    bool far = false;
    std::size_t in_flight = 0;
    duration latency{0}; ///< smoothed; 0 = not measured yet, which makes it attractive
    std::size_t answer_bytes = limits::lookup_answer_bytes; ///< expected; rises at once, falls slowly
    time_point isolated_until;
    std::optional<time_point> ask_at = time_point{}; ///< none while connected or asked for
    duration redial{0};
  };
  /// The less loaded of two.
  replica_no draw(const std::vector<replica_no>& from, std::mt19937_64& random);
  static double load(const replica& r) noexcept;
  static bool has_room(const replica& r) noexcept;

  std::vector<replica> replicas_;
};

} // namespace argentum::actors
