// SPDX-License-Identifier: Apache-2.0
// Client writes on their way to the sequencer. A new kind of write (counter, compare-and-set) is one more arm of
// write_op.
#pragma once

#include "messages/limits.hpp"
#include "messages/reply.hpp"
#include "messages/types.hpp"

#include <string>
#include <variant>
#include <vector>

namespace argentum {

struct put_op {
  std::string key;
  std::string value;
};
struct remove_op {
  std::string key;
};
using write_op = std::variant<put_op, remove_op>;

struct write_result {
  index_t index = 0;          ///< entry of this write; the current index if it changed nothing
  std::uint32_t affected = 0; ///< put: keys written; remove: keys that existed
};

/// All ops become one entry, or none does.
struct write_command {
  std::vector<write_op> ops;
  reply_to<write_result> reply;
};

/// A session that wants to know when this node has reached `index`. Answer: the node's index.
struct wait_index {
  index_t index = 0;
  std::chrono::milliseconds timeout{0}; ///< 0 = no limit, as Redis' WAIT
  reply_to<index_t> reply;
};

/// Misses of one client command. Answer: the values in the order of `items`; errc::too_large as soon as more than
/// `bytes_max` of them have come.
struct fetch_command {
  struct item {
    std::string key;
    index_t version = 0; ///< what the proxy knows the key's version to be
  };
  std::vector<item> items;
  reply_to<std::vector<std::string>> reply;
  std::size_t bytes_max = limits::multi_read_bytes_max;
};

} // namespace argentum
