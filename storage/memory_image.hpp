// SPDX-License-Identifier: Apache-2.0
// The data of one memory store: what a directory is to a store on disk. It outlives the store objects that open it,
// and can forget what was not synced, as a disk does when the machine loses power.
#pragma once

#include "storage/shared_bytes.hpp"
#include "storage/stamp_samples.hpp"
#include "storage/store_state.hpp"
#include "storage/upkeep.hpp"

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

namespace argentum::storage {

struct memory_record {
  index_t version = 0;
  bool live = true;                    ///< false: a tombstone, on replicas only
  mutable access_time last_access = 0; ///< on proxies; readers set it, atomically
  shared_bytes value;                  ///< nothing if live: evicted
};

struct memory_key {
  memory_record now;
  std::vector<memory_record> past; ///< on replicas: what it was before, each until the next
};

struct memory_log_item {
  position at;
  stamp_t stamp;
  std::shared_ptr<const std::string> bytes;
  std::uint64_t bytes_before = 0; ///< payload of all entries before it, since index 1
};

struct memory_image {
  using key_map = std::map<std::string, memory_key, std::less<>>;

  mutable std::shared_mutex mutex; ///< of all below; exclusive for changes
  store_state state;
  key_map keys;
  std::deque<memory_log_item> log; ///< entries after state.log_base
  std::optional<import_record> import;
  std::shared_ptr<const stamp_samples> samples = std::make_shared<const stamp_samples>(); ///< of entries so far
  std::atomic<access_time> access_clock = 1;
  std::chrono::milliseconds access_rest{0}; ///< since its last second
  std::shared_ptr<entry_pool> pool;         ///< null: entries are not shared with other images

  /// Entries up to here survive a crash.
  index_t durable() const noexcept { return synced_.applied.index; }
  index_t durable_horizon() const noexcept { return synced_.horizon; }
  /// All that was done is durable.
  void commit();
  /// What was not is gone.
  void crash();
  /// Takes changes of records back, the latest first, until `mark` are left, and the log above the state.
  void roll_back(std::size_t mark);
  std::size_t unsynced() const noexcept { return unsynced_.size(); }

  /// Null if the key has no record.
  const memory_record* find(std::string_view key) const;
  /// Where the key is, or would be.
  struct place {
    key_map::iterator at;
    bool found = false;
  };
  place look_up(std::string_view key);
  /// `keep_old`: what the key was goes to its past.
  void set_record(place where, std::string_view key, memory_record record, bool keep_old = false);
  void erase_record(place where);
  /// The next entries, from the one after the state on.
  void note_stamps(const std::vector<stamp_t>& stamps, std::chrono::microseconds span);

 private:
  struct record_change {
    std::string key;
    std::optional<memory_record> before;
    bool kept_old = false;
  };
  void take_back(const record_change& change);

  store_state synced_;
  std::shared_ptr<const stamp_samples> synced_samples_ = samples;
  std::vector<record_change> unsynced_;
};

} // namespace argentum::storage
