// SPDX-License-Identifier: Apache-2.0
// What the store will say once the writes under way are committed: the values of pending entries over the read
// view. A write is decided (create, update, remove, nothing) against this, so that writes need not wait for each
// other.
#pragma once

#include "messages/entry.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace argentum::actors {

class pending_overlay {
 public:
  struct pending_value {
    bool present = false;
    std::string value;
    index_t index = 0; ///< of the pending entry that wrote it
  };

  /// The latest pending state of a key, null if no pending entry wrote it. Valid until the next change.
  const pending_value* find(std::string_view key) const;
  /// `index` must grow from call to call.
  void add(index_t index, std::vector<mutation> mutations);
  /// Entries up to `index` are in the store now.
  void settle(index_t index);
  void clear();
  bool empty() const noexcept { return values_.empty(); }

 private:
  struct key_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const noexcept { return std::hash<std::string_view>{}(key); }
  };
  struct written {
    index_t index;
    const std::string* key; ///< in `values_`
  };

  std::unordered_map<std::string, pending_value, key_hash, std::equal_to<>> values_;
  std::deque<written> written_; ///< by pending entries, in order
};

} // namespace argentum::actors
