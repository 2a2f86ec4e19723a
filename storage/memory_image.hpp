// SPDX-License-Identifier: Apache-2.0
// The data of one memory store: what a directory is to a store on disk. It outlives the store objects that open it,
// and can forget what was not synced, as a disk does when the machine loses power.
#pragma once

#include "storage/store_state.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <vector>

namespace argentum::storage {

struct memory_record {
  index_t version = 0;
  bool live = true;                         ///< false: a tombstone, on replicas only
  std::shared_ptr<const std::string> value; ///< null if live: evicted
};

struct memory_log_item {
  log_record record;
  epoch_t epoch = 0;
  stamp_t stamp;
  std::uint64_t bytes_before = 0; ///< payload of all entries before it, since index 1
};

struct memory_image {
  mutable std::shared_mutex mutex; ///< of all below; exclusive for changes
  store_state state;
  index_t durable = 0;
  std::map<std::string, memory_record, std::less<>> records;
  /// key -> last index at which the record was valid -> record
  std::map<std::string, std::map<index_t, memory_record>, std::less<>> history;
  std::deque<memory_log_item> log; ///< entries after state.log_base
  std::optional<import_record> import;
  std::vector<std::function<void(memory_image&)>> unsynced; ///< takes each unsynced change back

  /// All that was done is durable.
  void commit();
  /// Takes changes back, the latest first, until `mark` are left.
  void roll_back(std::size_t mark);
  /// Null if the key has no record.
  const memory_record* find(std::string_view key) const;
  /// Sets or (null) erases a record; taken back by roll_back.
  void set_record(std::string_view key, const memory_record* record);
  /// Sets the state; taken back by roll_back.
  void set_state(const store_state& next);
};

} // namespace argentum::storage
