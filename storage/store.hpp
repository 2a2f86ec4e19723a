// SPDX-License-Identifier: Apache-2.0
// One instance's data on one node. A store has one writer, the storage actor; its read view is used by any number
// of threads at the same time and never waits for the writer. Three implementations keep one contract
// (tests/storage/contract): replica_store and proxy_store over RocksDB, memory_store as the model.
#pragma once

#include "messages/error.hpp"
#include "messages/lookup.hpp"
#include "messages/shared_slot.hpp"
#include "messages/store_commands.hpp"
#include "storage/upkeep.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace argentum::storage {

enum class read_status : std::uint8_t {
  found,
  absent,
  evicted, ///< proxy: the key exists at `version`, its value is not here
};

struct read_answer {
  read_status status = read_status::absent;
  index_t version = 0; ///< of found and evicted
  friend bool operator==(const read_answer&, const read_answer&) = default;
};

/// One key of a multi_get or of a page.
struct read_record {
  std::string key;
  read_answer answer;
  std::string value;
  friend bool operator==(const read_record&, const read_record&) = default;
};

/// What a digest covers; equal data gives equal digests on every node and in every kind of store.
struct store_digest {
  index_t index = 0; ///< as of
  std::uint64_t key_count = 0;
  std::uint64_t keys = 0;   ///< over (key, version) in key order: comparable between replicas and proxies
  std::uint64_t values = 0; ///< over (key, version, value); 0 if a value is not here
  friend bool operator==(const store_digest&, const store_digest&) = default;
};

/// Asked now and then by work that takes long: true = give up, nobody wants the outcome any more.
using stop_check = std::function<bool()>;

/// A multi_get that is done in parts, so that nobody waits for the whole of it.
class multi_read {
 public:
  virtual ~multi_read() = default;
  /// The records of the next keys, at most `keys_max`; empty when all were read. `out` is overwritten.
  virtual caf::expected<void> next(std::size_t keys_max, std::vector<read_record>& out) = 0;
};

/// Reads the present and, on a replica, the past. Thread-safe. A disk error is reported, never taken for absence.
class read_view {
 public:
  virtual ~read_view() = default;

  /// Index of the last entry that reads see: never behind what a read saw before, nor ahead of what one sees next.
  virtual index_t applied() const noexcept = 0;
  virtual index_t horizon() const noexcept = 0;
  virtual std::uint64_t key_count() const noexcept = 0;

  /// The present. `value` is replaced when found, and keeps its capacity: reuse it.
  virtual caf::expected<read_answer> get(std::string_view key, std::string& value) const = 0;

  /// All keys as of one index, which is returned. `out` gets one record per key, in the order of `keys`, with
  /// read_record::key left empty. Stops with too_large when the values pass `bytes_max`.
  virtual caf::expected<index_t> multi_get(std::span<const std::string_view> keys, std::size_t bytes_max,
                                           std::vector<read_record>& out) const = 0;
  /// The same in parts, all as of one index. `keys` are used until the last part is read.
  virtual caf::expected<std::unique_ptr<multi_read>> begin_multi_get(std::span<const std::string_view> keys,
                                                                     std::size_t bytes_max) const = 0;

  /// What the key was at `at`. A proxy answers found only if it holds the value, else behind, pruned, or absent
  /// if the key has no record and `at` is its own index.
  virtual caf::expected<lookup_answer> read_at(std::string_view key, index_t at) const = 0;

  /// Is a position one of this log? need_snapshot: older than the log; behind: newer than all of it. `head` is
  /// where this store is, and all that a proxy, which keeps no log, knows.
  virtual caf::expected<position_check> check(const position& from) const = 0;

  /// Up to `limit` live keys after `after` (exclusive; from the first key if `from_start`), below `until`
  /// (empty: no end), in byte order, as of one index, which is returned. Values are filled in only if
  /// `with_values`; stops early at `bytes_max`.
  struct page_request {
    std::string_view after;
    bool from_start = true;
    std::size_t limit = 0;
    std::size_t bytes_max = 0;
    bool with_values = false;
    std::string_view until = {};
  };
  virtual caf::expected<index_t> page(const page_request& request, std::vector<read_record>& out) const = 0;

  /// Reads everything as of one index. `unavailable` if told to stop, which it asks at every key.
  virtual caf::expected<store_digest> digest(const stop_check& stop = {}) const = 0;
};

/// A consistent copy being read in key order; holds the index it was opened at.
class store_export {
 public:
  virtual ~store_export() = default;
  virtual const snapshot_header& header() const noexcept = 0;
  /// The next live keys after `after`, about `bytes_max` of payload, at least one; `last` when none is left.
  virtual caf::expected<snapshot_chunk> read(std::string_view after, bool from_start, std::size_t bytes_max) = 0;
};

/// How much log to keep; whichever is reached first cuts.
struct log_retention {
  std::chrono::seconds age{0};
  std::uint64_t bytes = 0;
};

/// The writer's side; used by one thread at a time.
class store {
 public:
  virtual ~store() = default;

  virtual std::shared_ptr<const read_view> view() const = 0;
  virtual store_report report() const = 0;
  virtual caf::expected<void> adopt(instance_id id) = 0;

  /// Applies consecutive entries: log, data, history, count and position in one write batch. Refuses with
  /// out_of_order, diverged or corrupt before anything is changed. Replica: the horizon moves to the last of them
  /// that is stamped before `history_from`; what entries up to there replace is neither read nor kept.
  virtual caf::expected<void> apply(const std::vector<log_record>& records, bool sync,
                                    stamp_t history_from = {}) = 0;

  /// Making everything durable that is applied now, in two halves: the work waits for the disk, in any thread while
  /// more is applied; end_sync is told how far everything was applied at begin_sync, and what came of it.
  using sync_work = std::function<caf::error()>;
  virtual sync_work begin_sync() = 0;
  virtual void end_sync(index_t upto, const caf::error& outcome) = 0;
  /// Both in one.
  caf::expected<void> sync() {
    auto upto = report().applied.index;
    auto outcome = begin_sync()();
    end_sync(upto, outcome);
    if (outcome) return outcome;
    return {};
  }

  /// The log. A proxy has none: log_truncated, except at its head.
  caf::expected<position_check> check(const position& from) const { return view()->check(from); }
  virtual caf::expected<record_run> read_log(index_t after, std::size_t bytes_max) const = 0;
  /// Drops entries by age (against the newest stamp) and bytes, never above `keep_after`.
  virtual caf::expected<void> truncate_log(const log_retention& keep, index_t keep_after) = 0;

  /// Caches a value; false if the key is gone or at another version. replica: wrong_role.
  virtual caf::expected<bool> fill(std::string_view key, index_t version, std::string_view value) = 0;
  /// Removes a value and keeps the key; false if it is inside the window, gone, or already evicted.
  virtual caf::expected<bool> evict(std::string_view key) = 0;
  /// Replica: the index of an entry stamped before `when`, close to the last of them (by 1/128 of the history's
  /// span), and never behind it; nothing if none is known. Known without the log, and after a restart.
  virtual std::optional<index_t> last_before(stamp_t when) const = 0;
  /// Replica: history below is no longer answered. Persisted first, never moves back, never above the position.
  virtual caf::expected<void> set_horizon(index_t horizon) = 0;

  virtual space_report space() const = 0;
  /// Empty on a replica.
  virtual access_ages ages() const = 0;
  /// Proxy: moves the access clock on, by what a monotonic clock says. It goes on where it was after a restart.
  virtual void pass_time(std::chrono::milliseconds elapsed) = 0;

  /// A step of upkeep, in two halves like a sync: the work rewrites one file, in any thread while the store is used
  /// and also when it is closed meanwhile. One at a time. Nothing is worth it: bytes_before is 0.
  using sweep_work = std::function<caf::expected<sweep_outcome>()>;
  /// Proxy: strips values outside the window whose last access is before `cut`; keys and versions stay. Takes the
  /// file with most of them.
  virtual sweep_work begin_evict(access_time cut) = 0;
  /// Replica: drops history and tombstones that no index from the durable horizon on needs. Takes the file with
  /// most of them if they are an eighth of it, else one that has some from before `overdue`.
  virtual sweep_work begin_collect(index_t overdue) = 0;

  virtual caf::expected<std::unique_ptr<store_export>> open_export(instance_role reader) const = 0;

  /// Import into this empty (or partly imported) store. The progress survives a restart.
  virtual caf::expected<import_progress> import_state() const = 0;
  virtual caf::expected<void> begin_import(const snapshot_header& header) = 0;
  virtual caf::expected<void> import(const std::vector<snapshot_record>& records) = 0;
  /// All keys are in: the store is at the header's position and durable. corrupt if the key count is wrong.
  virtual caf::expected<void> finish_import() = 0;
};

/// The stores of one instance on one node: the one in use and, during a bootstrap, the one being built beside it.
/// New stores get the home's role; the one in use keeps the role that it was made for (store_report::role).
class store_home {
 public:
  virtual ~store_home() = default;
  /// Of the next stores that are made; a next store of another role must be closed.
  virtual void set_role(instance_role role) = 0;
  /// corrupt if what is there cannot be read.
  virtual caf::expected<std::unique_ptr<store>> open_current() = 0;
  /// What an interrupted import into the home's role left, or an empty store.
  virtual caf::expected<std::unique_ptr<store>> open_next() = 0;
  /// Deletes what open_next made; the store must be closed.
  virtual caf::expected<void> discard_next() = 0;
  /// From now on, also after a crash, the next store is the current one. It may stay open; the old one's files go
  /// when it is closed and `retire` is called, or at the next start.
  virtual caf::expected<void> promote_next() = 0;
  virtual void retire_old() = 0;
};

/// Where readers find the view that is in use; swapped once per bootstrap. `load` is never null once the store is
/// open. Hold the view for one command or one batch of them, not for ever: it keeps the old data's files alive.
using view_slot = shared_slot<const read_view>;

} // namespace argentum::storage
