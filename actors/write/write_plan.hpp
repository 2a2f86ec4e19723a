// SPDX-License-Identifier: Apache-2.0
// Decides what a client's write changes: which keys are created, updated, removed, and what changes nothing. Ops of
// one command see each other in order; only the outcome per key becomes a mutation.
#pragma once

#include "messages/entry.hpp"
#include "messages/error.hpp"
#include "messages/write.hpp"

#include <functional>
#include <optional>

namespace argentum::actors {

struct write_bounds {
  std::size_t key_bytes_max = 0;
  std::size_t value_bytes_max = 0;
};

/// A key before the command.
struct current_value {
  std::optional<std::string> value; ///< nothing: absent
  index_t pending = 0;              ///< entry that has yet to be committed, 0 = committed already
};
using value_reader = std::function<caf::expected<current_value>(std::string_view)>;

struct write_plan {
  std::vector<mutation> mutations; ///< empty: nothing changes
  std::uint32_t affected = 0;
  index_t depends_on = 0; ///< latest pending entry that the decision rests on
};

/// Errors: too_large, invalid (no ops), or whatever `read` says. Each key is read once.
caf::expected<write_plan> plan_write(const std::vector<write_op>& ops, const write_bounds& bounds,
                                     const value_reader& read);

} // namespace argentum::actors
