// SPDX-License-Identifier: Apache-2.0
// Which replica to ask. Of two drawn at random the less loaded wins ("The power of two choices in randomized load
// balancing", Mitzenmacher 2001): nearly as even as the best of all, without the herd that follows a single best.
// Load is (requests in flight + 1) * smoothed latency, or the age of the oldest of them if that is more: a replica
// that has stopped is noticed before its answers are missed. Who loses a draw is believed a little faster from then
// on, so that a replica that was slow once is measured again. Replicas of a higher rank (other datacenters) are
// drawn only when none of a lower one can be asked; isolated ones only when there is no other.
//
// The set changes while it is in use: a replica that is no longer in it leaves when what it was asked is over.
#pragma once

#include "actors/lookup/replica_health.hpp"
#include "actors/lookup/sliding_quantile.hpp"
#include "messages/oracle.hpp"
#include "messages/oracle_limits.hpp"
#include "messages/pool_report.hpp"
#include "messages/types.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace argentum::actors {

/// Number of a replica; it is not given to another one.
using replica_no = std::size_t;

class replica_pool {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::steady_clock::duration;

  /// These are the set from now on. An address that is given twice counts once, with its lower rank; of too many
  /// (limits::pool_replicas_max) the nearest.
  void set(std::vector<set_replicas::replica> replicas);
  /// Forgets those that have left. Their addresses.
  std::vector<std::string> take_left();
  /// Those in the set.
  std::vector<replica_no> members() const;
  bool empty() const { return members().empty(); }

  const std::string& address(replica_no n) const { return replicas_.at(n).address; }
  link_id link(replica_no n) const { return replicas_.at(n).link; } ///< 0 = not connected
  std::optional<replica_no> at_address(const std::string& address) const;
  std::optional<replica_no> at_link(link_id link) const;

  // -- links --------------------------------------------------------------------------------------------------
  /// `far`: it stands in another datacenter, whatever its rank.
  void connected(replica_no n, link_id link, bool far = false);
  /// Schedules the next attempt with growing, jittered delay.
  void disconnected(replica_no n, time_point now, std::mt19937_64& random);
  /// Replicas whose link is to be asked for now; each is named once per attempt.
  std::vector<replica_no> due(time_point now);
  /// When the next of them is.
  std::optional<time_point> next_due() const;

  // -- choices ------------------------------------------------------------------------------------------------
  using filter = std::function<bool(replica_no)>;
  /// May any connected replica be asked more? Requests in flight are bounded by number, and by the bytes that
  /// their answers are expected to have: a link must never be dropped for what we asked.
  bool has_room() const;
  struct choice {
    std::optional<replica_no> replica;
    bool busy = false; ///< nothing chosen, but one that may be asked has no room now
  };
  choice choose(time_point now, const filter& may_ask, std::mt19937_64& random);
  const replica_health& health(replica_no n) const { return replicas_.at(n).health; }
  /// One whose isolation is over, and that is not asked anything now.
  std::optional<replica_no> to_probe(time_point now, const filter& may_ask) const;

  // -- requests, by when they were sent -----------------------------------------------------------------------
  void sent(replica_no n, time_point now);
  /// A request was answered in full.
  void answered(replica_no n, time_point sent_at, std::size_t bytes);
  /// Time from a request to the first part of its answer.
  void measured(replica_no n, duration took);
  /// It gave an answer, of whatever kind.
  void succeeded(replica_no n) { replicas_.at(n).health.succeeded(); }
  /// It said that it cannot answer; true if that isolates it.
  bool failed(replica_no n, time_point now);
  /// It did not answer in time; true if that isolates it.
  bool timed_out(replica_no n, time_point sent_at, time_point now);

  /// Shares are those since the report before, and half of what they were then, and so on.
  std::vector<pool_report::replica> report();

 private:
  struct replica {
    std::string address;
    std::uint32_t rank = 0; ///< as given
    bool far = false;
    bool leaving = false;
    link_id link;
    std::multiset<time_point> in_flight; ///< when they were sent
    duration latency{0};                 ///< smoothed; 0 = not measured yet, which makes it attractive
    sliding_quantile latencies{limits::hedge_samples};
    std::size_t answer_bytes = limits::lookup_answer_bytes; ///< expected; rises at once, falls slowly
    replica_health health;
    std::uint64_t requests = 0, errors = 0, timeouts = 0;
    double recent = 0;                               ///< requests, the older the less they count
    std::optional<time_point> ask_at = time_point{}; ///< none while connected or asked for
    duration redial{0};

    bool usable() const noexcept { return link != link_id{} && !leaving; }
    std::uint32_t distance() const noexcept { return rank == 0 && far ? 1 : rank; }
    bool has_room() const noexcept;
    double load(time_point now) const noexcept;
  };
  /// The less loaded of two.
  replica_no draw(const std::vector<replica_no>& from, time_point now, std::mt19937_64& random);
  static void over(replica& r, time_point sent_at);

  std::map<replica_no, replica> replicas_;
  replica_no next_ = 0;
};

} // namespace argentum::actors
