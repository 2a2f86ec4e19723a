// SPDX-License-Identifier: Apache-2.0
// The keys that a command writes: what they were, and what its ops so far made of them. A key that is only read is
// not kept. What is kept is bounded by limits::command_values_bytes_max.
#pragma once

#include "messages/entry.hpp"
#include "messages/error.hpp"
#include "messages/write.hpp"

#include <functional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace argentum::actors {

/// A key before the command.
struct current_value {
  old_value value;
  index_t pending = 0; ///< entry that has yet to be committed, 0 = committed already
  index_t version = 0; ///< 0: absent
};
using value_reader = std::function<caf::expected<current_value>(std::string_view)>;

class key_states {
 public:
  explicit key_states(const value_reader& read) : read_(read) {}

  /// What the key is now, for an op that only reads.
  caf::expected<old_value> peek(std::string_view key);
  /// As it was before the command; asked before any op runs.
  caf::expected<index_t> version(std::string_view key);
  /// What the key is now, for an op that may `set` it: it is read once and kept. Valid until the next `get` or
  /// `set`. `key` must outlive this. An error: too many bytes kept, or whatever the reader says.
  caf::expected<const old_value*> get(std::string_view key);
  /// Nothing: removes it. After `get` of the key.
  caf::error set(std::string_view key, old_value value);

  /// What has changed, in the order in which the keys were first written.
  std::vector<mutation> take_changes();
  /// The latest pending entry that any answer rests on.
  index_t depends_on() const noexcept { return depends_on_; }

 private:
  struct state {
    std::string_view key;
    bool existed = false;
    bool changed = false;
    old_value value;
  };

  caf::expected<current_value> read(std::string_view key);
  caf::error keep(state& of, old_value value);

  const value_reader& read_;
  std::vector<state> states_;
  std::unordered_map<std::string_view, std::size_t> places_;
  std::size_t bytes_ = 0;
  index_t depends_on_ = 0;
};

} // namespace argentum::actors
