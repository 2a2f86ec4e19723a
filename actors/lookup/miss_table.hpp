// SPDX-License-Identifier: Apache-2.0
// The distinct misses of one instance and how far each is:
//
//   waiting -> in flight at a replica -> answered (removed)
//      ^            |  time-out, link lost, behind, pruned, wrong version: noted against that replica
//      +-- parked <-+  for a pause, when every replica has been asked
//
// A miss in flight may be asked of another replica too (a hedge, or a probe of that replica). The first good answer
// removes it, any other waits for the requests that are still under way; what comes after that is only measured.
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

/// Why a request was sent: to have its misses answered; because the first one is late; because it is not known
/// whether that replica answers again.
enum class sent_as : std::uint8_t { first, hedge, probe };

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
  std::chrono::steady_clock::time_point until{}; ///< the last of its readers waits until then
  std::set<miss_waiter> waiters;                 ///< ordered: one of a great many can leave quickly
  std::map<replica_no, replica_verdict> verdicts;
  std::uint32_t rounds = 0; ///< times parked
  std::uint32_t copies = 0; ///< requests under way that ask for it

  replica_verdict verdict(replica_no n) const;
  bool mismatched() const;
};

class miss_table {
 public:
  using time_point = std::chrono::steady_clock::time_point;

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
  /// Deadlines of later calls must not be earlier.
  join_result join(const std::string& key, index_t version, miss_waiter waiter, time_point deadline);
  /// That fetch no longer waits. A miss without readers goes, unless it is in flight: its value is still cached.
  void leave(miss_id id, fetch_id fetch);

  // -- asking -------------------------------------------------------------------------------------------------
  /// The oldest waiting miss after `after`.
  std::optional<miss_id> next_waiting(miss_id after) const;
  /// Misses that wait, or are in flight elsewhere; at most limits::lookup_keys_max.
  lookup_request send(const std::vector<miss_id>& ids, replica_no replica, sent_as why, time_point now);

  struct open_request {
    replica_no replica = 0;
    time_point sent_at;
    std::vector<miss_id> misses; ///< that wait for its answer still
  };
  /// Requests sent at `upto` or before of which nothing was heard; each is named once. Copies are not.
  std::vector<open_request> take_late(time_point upto);
  /// When the first request was sent that is still to be named by take_late, unless it is answered.
  std::optional<time_point> oldest_unheard() const;

  /// One part of an answer. Each part grants the request another limits::lookup_attempt.
  struct part {
    time_point sent_at;
    sent_as why = sent_as::first;
    std::vector<std::pair<miss_id, std::size_t>> answered; ///< miss, number within response.answers
    bool begins = false;                                   ///< nothing was heard of the request before
    std::optional<std::size_t> answer_bytes; ///< of all parts, if nothing of the request is outstanding
  };
  /// Nothing if no such request is in flight (too late) or the part does not fit it. Misses that no other request
  /// asks for are in no phase until resume, park or remove.
  std::optional<part> take_part(const lookup_response& response, replica_no from, time_point now);

  /// Requests past their attempt; their misses as in take_part.
  std::vector<open_request> take_overdue(time_point now);
  /// The same for all requests at a replica whose link is gone.
  std::vector<open_request> take_all_at(replica_no replica);

  void note(miss_id id, replica_no replica, replica_verdict verdict);
  /// Back to waiting; a miss that nobody reads any more is removed instead.
  void resume(miss_id id);
  /// Waits until the pause of its round is over; then all that said `again` may be asked again.
  void park(miss_id id, time_point now);
  /// Ends the pauses that are over.
  void unpark(time_point now);
  /// Ends all pauses: another replica has come.
  void unpark_all();
  /// Takes a miss out.
  miss remove(miss_id id);

  const miss* find(miss_id id) const;
  std::size_t size() const noexcept { return misses_.size(); } ///< in whatever phase
  std::size_t waiting() const noexcept { return waiting_.size(); }
  /// Whether there is a miss, or a request, to wait for.
  bool busy() const noexcept { return !misses_.empty() || !in_flight_.empty(); }

 private:
  enum class phase : std::uint8_t { none, waiting, in_flight, parked };
  struct row {
    miss what;
    phase at = phase::waiting;
    time_point resume_at;
  };
  struct request {
    replica_no replica = 0;
    sent_as why = sent_as::first;
    std::vector<miss_id> items; ///< 0 = answered
    std::size_t open = 0;
    time_point sent_at, deadline;
    bool heard = false;
    bool named = false;    ///< by take_late
    std::size_t bytes = 0; ///< answered so far
  };
  open_request what_is_open(const request& r) const;
  template <class Predicate>
  std::vector<open_request> take_if(Predicate lost);
  /// A request no longer asks for it. False: it was answered already.
  bool land(miss_id id);

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
