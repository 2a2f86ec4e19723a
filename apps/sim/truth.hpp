// SPDX-License-Identifier: Apache-2.0
// The root's log of one instance as it became durable: what every answer on every node is judged by. It is kept
// apart from the stores, in its own form, so that a mistake in a store cannot hide in it.
#pragma once

#include "storage/store.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace argentum::sim {

/// What a key is at an index.
struct truth_record {
  index_t version = 0;                      ///< 0: never written
  std::shared_ptr<const std::string> value; ///< null: absent
  bool exists() const noexcept { return value != nullptr; }
};

class truth {
 public:
  /// The next entry. A text for people if it is not the next one, cannot be read, or its kind of mutation is wrong.
  std::optional<std::string> add(const log_record& record);

  /// The same log up to an index.
  truth until(index_t last) const;

  index_t head() const noexcept { return positions_.size(); }
  /// Of an entry up to the head; 0 is the position before the first.
  position at(index_t index) const;
  const truth_record& key_at(std::string_view key, index_t index) const;
  /// How many keys an entry changes.
  std::size_t keys_in(index_t index) const { return sizes_[index - 1]; }
  /// Of all that exists at the head, as a full replica there would say.
  storage::store_digest digest() const;

 private:
  std::vector<position> positions_; ///< of entry n + 1
  std::vector<std::size_t> sizes_;  ///< of entry n + 1, in keys
  stamp_t newest_{};
  std::map<std::string, std::vector<truth_record>, std::less<>> keys_;
};

} // namespace argentum::sim
