// SPDX-License-Identifier: Apache-2.0
// Decides what a client's command changes and answers: which keys are created, updated, removed, and what changes
// nothing. Ops of one command see each other in order; only the outcome per key becomes a mutation.
#pragma once

#include "actors/write/key_states.hpp"

namespace argentum::actors {

struct write_bounds {
  std::size_t key_bytes_max = 0;
  std::size_t value_bytes_max = 0;
};

struct write_plan {
  std::vector<mutation> mutations; ///< empty: nothing changes
  std::vector<op_answer> answers;  ///< one for each op
  index_t depends_on = 0;          ///< latest pending entry that the decision rests on
};

/// Errors: too_large, invalid (no ops), out_of_date (an expected version), or whatever `read` says.
caf::expected<write_plan> plan_write(const write_command& command, const write_bounds& bounds,
                                     const value_reader& read);

} // namespace argentum::actors
