// SPDX-License-Identifier: Apache-2.0
// A committed write. The root encodes an entry once; every hop stores and forwards those same bytes, so
// the chain over them is comparable on every node.
#pragma once

#include "messages/types.hpp"

#include <memory>
#include <string>
#include <vector>

namespace argentum {

/// What a mutation did at the root. Followers rely on the difference between create and update to count
/// keys without reading them, and check it where they read the old record anyway.
enum class mutation_kind : std::uint8_t { create = 1, update = 2, remove = 3 };

struct mutation {
  mutation_kind kind = mutation_kind::create;
  std::string key;
  std::string value; ///< empty for remove
  friend bool operator==(const mutation&, const mutation&) = default;
};

/// One write transaction: applied as a whole or not at all. A key stands in it at most once.
struct entry {
  epoch_t epoch = 0;
  index_t index = 0;
  stamp_t stamp;
  std::vector<mutation> mutations;
  friend bool operator==(const entry&, const entry&) = default;
};

/// An entry as it is logged and sent.
struct log_record {
  index_t index = 0;
  chain_t chain = 0; ///< chain after this entry
  std::string bytes; ///< encode_entry's result
  friend bool operator==(const log_record&, const log_record&) = default;
};

/// Consecutive log records, shared by all who forward them; never empty.
using record_run = std::shared_ptr<const std::vector<log_record>>;

/// Payload of a run in bytes: what credit, tails and batches are counted in.
std::size_t payload_bytes(const std::vector<log_record>& records) noexcept;

} // namespace argentum
