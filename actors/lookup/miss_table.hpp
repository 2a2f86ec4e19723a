// SPDX-License-Identifier: Apache-2.0
// The distinct misses of one instance and how far each is:
//
//   waiting -> in flight at a replica -> answered (removed)
//      ^            |  time-out, link lost, behind, pruned, wrong version: noted against that replica
//      +-- parked <-+  for a pause, when every replica has been asked
//
// Who reads is kept as (fetch, slot), so that any number of readers shares one miss. Which replica to ask and when
// to give up is decided by the caller.
#pragma once

#include "actors/lookup/pending_fetches.hpp"
#include "actors/lookup/replica_pool.hpp"
#include "messages/lookup.hpp"

#include <chrono>
#include <compare>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace argentum::actors {

/// What a replica's last answer means for one miss. `again`: behind, failed or silent, worth another try.
/// `pruned` and `mismatch` are final.
enum class replica_verdict : std::uint8_t { none, again, pruned, mismatch };

struct miss_waiter {
  fetch_id fetch = 0;
  std::uint32_t slot = 0;
  friend auto operator<=>(const miss_waiter&, const miss_waiter&) = default;
};

struct miss {
  std::uint64_t source = 0; ///< number of the data that the version was read from
  std::string key;
  index_t version = 0;
  std::set<miss_waiter> waiters;         ///< ordered: one of a great many can leave quickly
  std::vector<replica_verdict> verdicts; ///< by replica_no; empty = nobody answered yet
  std::uint32_t rounds = 0;              ///< times parked

  replica_verdict verdict(replica_no n) const { return verdicts.empty() ? replica_verdict::none : verdicts[n]; }
  bool mismatched() const;
};

class miss_table {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit miss_table(std::size_t replica_count = 0) : replica_count_(replica_count) {}

  /// Versions are of other data from now on: misses of earlier ones are not joined any more. Their readers must
  /// leave.
  void next_source() noexcept { ++source_; }
  bool is_of_source(const miss& what) const noexcept { return what.source == source_; }

  // -- readers ------------------------------------------------------------------------------------------------
  bool contains(const std::string& key, index_t version) const { return ids_.contains({source_, key, version}); }
  struct join_result {
    miss_id id = 0;
    bool shared = false; ///< an equal miss was there
  };
  join_result join(const std::string& key, index_t version, miss_waiter waiter);
  /// That fetch no longer waits. A miss without readers goes, unless it is in flight: its value is still cached.
  void leave(miss_id id, fetch_id fetch);

  // -- asking -------------------------------------------------------------------------------------------------
  /// The oldest waiting miss after `after`.
  std::optional<miss_id> next_waiting(miss_id after) const;
  /// Moves waiting misses into flight; at most limits::lookup_keys_max.
  lookup_request send(const std::vector<miss_id>& ids, replica_no replica, time_point now);

  /// One part of an answer. Each part grants the request another limits::lookup_attempt.
  struct part {
    replica_no replica = 0;
    std::vector<std::pair<miss_id, std::size_t>> answered; ///< miss, number within response.answers
    std::optional<time_point::duration> first_after;       ///< time from request to first part, in its first part
    std::optional<std::size_t> answer_bytes; ///< of all parts, if nothing of the request is outstanding
  };
  /// Nothing if no such request is in flight (too late) or the part does not fit it. The misses are in no phase
  /// until resume, park or remove.
  std::optional<part> take_part(const lookup_response& response, replica_no from, time_point now);

  struct lost_request {
    replica_no replica = 0;
    std::vector<miss_id> misses; ///< not answered yet
  };
  /// Requests past their attempt; their misses are in no phase until resume, park or remove.
  std::vector<lost_request> take_overdue(time_point now);
  /// The same for all requests at a replica whose link is gone.
  std::vector<lost_request> take_all_at(replica_no replica);

  void note(miss_id id, replica_no replica, replica_verdict verdict);
  /// Back to waiting; a miss that nobody reads any more is removed instead.
  void resume(miss_id id);
  /// Waits until the pause of its round is over; then all that said `again` may be asked again.
  void park(miss_id id, time_point now);
  /// Ends the pauses that are over.
  void unpark(time_point now);
  /// Ends all pauses: another replica has come.
  void unpark_all();
  /// Takes a miss out; it must not be in flight.
  miss remove(miss_id id);

  const miss* find(miss_id id) const;
  std::size_t size() const noexcept { return misses_.size(); } ///< in whatever phase
  bool has_waiting() const noexcept { return !waiting_.empty(); }

 private:
  enum class phase : std::uint8_t { none, waiting, in_flight, parked };
  struct row {
    miss what;
    phase at = phase::waiting;
    time_point resume_at;
  };
  struct request {
    replica_no replica = 0;
    std::vector<miss_id> items; ///< 0 = answered
    std::size_t open = 0;
    time_point sent_at, deadline;
    bool heard = false;
    std::size_t bytes = 0; ///< answered so far
  };
  template <class Predicate>
  std::vector<lost_request> take_if(Predicate lost);

  std::size_t replica_count_;
  miss_id next_miss_ = 1;
  std::uint64_t next_request_ = 1;
  std::uint64_t source_ = 0;
  std::map<std::tuple<std::uint64_t, std::string, index_t>, miss_id> ids_; ///< by source, key, version
  std::unordered_map<miss_id, row> misses_;
  std::set<miss_id> waiting_;                       ///< oldest first
  std::set<std::pair<time_point, miss_id>> parked_; ///< by resume_at
  std::map<std::uint64_t, request> in_flight_;      ///< by request id
};

} // namespace argentum::actors
