// SPDX-License-Identifier: Apache-2.0
// The judge. It knows the root's log as truth and holds every node to the promises of README.md:
//
//   answers     each equals what a full replica at the same index would answer; a key that exists is never absent
//   sessions    the index of a connection's answers never goes back
//   positions   an applied index never goes back while a process runs, by a restart only to what was durable; every
//               position is one of the root's log, with the same chain
//   writes      what was acknowledged is in the root's log, and stays there; its answers are those of that place
//   window      a value that a proxy got with the log is not given up while it is in the window
//   negatives   no question about a key that did not exist ever leaves a node
//   news        no node tells another of entries that neither it nor the root ever had
//
// A root that does not sync loses what it acknowledged when its power goes (`root_lost`): its log goes on from
// there as another one. Nodes that had the lost entries are judged by the log that they hold, until they hold the
// new one.
//
// The first broken promise is kept, with everything that was known about it; the run ends there.
#pragma once

#include "apps/sim/sim_disk.hpp"
#include "apps/sim/trace.hpp"
#include "apps/sim/write_judge.hpp"
#include "messages/peer_message.hpp"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace argentum::sim {

struct violation {
  vtime when{0};
  std::string promise;
  std::string text; ///< who, what was answered, what a full replica would have answered
};

struct check_totals {
  std::uint64_t answers = 0;     ///< judged, of keys
  std::uint64_t absences = 0;    ///< of these: absent
  std::uint64_t fetched = 0;     ///< of these: values that a proxy got from a replica
  std::uint64_t past = 0;        ///< of these: questions about the past
  std::uint64_t unavailable = 0; ///< reads that got an error, allowed while there are faults
  std::uint64_t writes = 0;      ///< acknowledged
  std::uint64_t failed_writes = 0;
  std::uint64_t applies = 0;  ///< batches that stores took, all nodes together
  std::uint64_t switches = 0; ///< full copies that were switched to
};

/// One instance on one node.
struct place {
  std::string node;
  std::string instance;
  friend auto operator<=>(const place&, const place&) = default;
};

/// One client connection, as far as promises to it go.
struct connection {
  place where;
  std::uint64_t number = 0;
  index_t last_index = 0;
};

class checker {
 public:
  checker(std::function<vtime()> now, trace& trace) : now_(std::move(now)), trace_(trace) {}

  /// Entries whose values a proxy always has.
  void set_window(index_t entries) { window_entries_ = entries; }
  /// The root's log as it is now.
  truth& of(const std::string& instance) { return logs_of(instance).back(); }
  disk_watch watch(const place& where, bool root);
  /// The process at that place is about to end. What it knew at `durable` must be there when it starts again.
  void stopped(const place& where, index_t keeps_at_least) { places_[where].floor = keeps_at_least; }
  /// It may find less than its log, as a root that does not sync may whose power goes.
  void may_lose(const place& where) { places_[where].may_lose = true; }
  /// It starts with an empty disk: a declared new beginning.
  void wiped(const place& where);
  /// The root has lost the entries after this one.
  void root_lost(const std::string& instance, index_t left);
  index_t applied(const place& where) const;
  /// It has all of the root's log.
  bool level(const place& where);

  /// A connection saw the state of this index.
  void saw(connection& who, index_t index);
  /// What a store answered about a key at the index it was asked at.
  void judge(const connection& who, const std::string& key, index_t at, const storage::read_answer& answer,
             const std::string& value);
  /// What a proxy got from elsewhere for a key that it knew at `at`.
  void judge_fetched(const connection& who, const std::string& key, index_t at, const std::string& value);
  void judge_past(const connection& who, const std::string& key, index_t at, const lookup_answer& answer,
                  index_t applied, index_t horizon);
  /// What a node gets from another; that may be another process by now, or have another disk.
  void judge_message(const std::string& from, const peer_message& message);
  void judge_write(const std::string& instance, const asked_write& asked, const write_result& result);
  void read_failed(const connection& who, const caf::error& why);
  void write_failed() { ++totals_.failed_writes; }

  /// Reads that were asked and not answered yet, by number.
  std::uint64_t asked();
  void answered(std::uint64_t number) { waiting_.erase(number); }
  /// All faults are healed and every node is level: from now on no read may fail.
  void be_strict() { strict_ = true; }
  void judge_no_read_waits();

  void blame(const std::string& promise, const std::string& text);
  const std::optional<violation>& broken() const noexcept { return broken_; }
  const check_totals& totals() const noexcept { return totals_; }

 private:
  struct place_state {
    index_t applied = 0;
    index_t floor = 0;  ///< what the next process must find
    index_t most = 0;   ///< it ever had, on any disk
    index_t copied = 0; ///< it got the keys of these entries by a copy, without values
    bool may_lose = false;
    /// Which of the root's logs it has; null: none of its entries, so any.
    const truth* log = nullptr;
  };
  using log_list = std::deque<truth>; ///< the root's present log is the last
  log_list& logs_of(const std::string& instance);
  /// The log that a place has, or else the present one.
  const truth& of(const place& where);
  /// What is watched, found once: there are millions of applies.
  struct watched {
    place where;
    bool root = false;
    place_state& state;
    log_list& logs;
  };
  void opened(const watched& what, const store_report& now, bool switched);
  void applied_run(const watched& what, const store_report& now, const std::vector<log_record>& records);
  void judge_window(const connection& who, const std::string& key, index_t at, index_t version);
  void judge_position(const watched& what, const position& at);
  void judge_question(const place& from, const lookup_item& item);
  void judge_ack(const place& from, const replication_ack& ack);
  void judge_news(const place& from, const heartbeat& news);

  std::function<vtime()> now_;
  trace& trace_;
  std::map<std::string, log_list> logs_;      ///< by instance
  std::map<std::string, write_judge> writes_; ///< by instance
  std::map<place, place_state> places_;
  std::map<std::uint64_t, vtime> waiting_;
  std::uint64_t reads_ = 0;
  bool strict_ = false;
  std::optional<index_t> window_entries_;
  std::optional<violation> broken_;
  check_totals totals_;
};

} // namespace argentum::sim
