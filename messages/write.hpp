// SPDX-License-Identifier: Apache-2.0
// Client writes on their way to the sequencer, which runs the ops of a command one after the other on what the keys
// are at that moment, and logs what came of it: a follower only ever sees plain puts and removals.
#pragma once

#include "messages/data_source.hpp"
#include "messages/limits.hpp"
#include "messages/reply.hpp"
#include "messages/types.hpp"

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace argentum {

enum class put_when : std::uint8_t { always, absent, present };

/// Answer: the old value if `answer_old`, else 1 if it took effect, 0 if not.
struct put_op {
  std::string key;
  std::string value;
  put_when when = put_when::always;
  bool answer_old = false;
};
/// Writes all pairs if none of the keys exists. Answer: 1 or 0.
struct put_all_absent_op {
  std::vector<std::pair<std::string, std::string>> pairs;
};
/// Answer: the old value if `answer_old`, else 1 if the key existed, 0 if not.
struct remove_op {
  std::string key;
  bool answer_old = false;
};
/// Answer: the new length.
struct append_op {
  std::string key;
  std::string tail;
};
/// Writes over the value from `offset` on; what lies between its end and `offset` becomes zeros. No bytes change
/// nothing. Answer: the new length.
struct overwrite_op {
  std::string key;
  std::uint64_t offset = 0;
  std::string bytes;
};
/// Answer: the new number.
struct add_op {
  std::string key;
  std::int64_t by = 0;
};
/// Answer: the new value.
struct add_real_op {
  std::string key;
  long double by = 0;
};
/// Answer: the value.
struct read_op {
  std::string key;
};
/// Answer: 1 or 0.
struct exists_op {
  std::string key;
};
using write_op = std::variant<put_op, put_all_absent_op, remove_op, append_op, overwrite_op, add_op, add_real_op,
                              read_op, exists_op>;

/// Keys and values that the op carries, and the op itself, in bytes.
std::size_t payload_bytes(const write_op& op) noexcept;

/// Why an op changed nothing; the other ops of its command count all the same.
enum class op_refusal : std::uint8_t {
  not_an_integer, ///< the value is none, or does not fit 64 bits
  overflow,
  not_a_number,
  not_finite,
  value_too_large, ///< what would come of it
};
using old_value = std::optional<std::string>; ///< nothing: the key was absent
using op_answer = std::variant<std::int64_t, old_value, op_refusal>;

struct write_result {
  index_t index = 0;              ///< entry of this write; the current index if it changed nothing
  std::vector<op_answer> answers; ///< one for each op
};

/// A key that nobody may have written since it was read. 0: it was absent.
struct expected_version {
  std::string key;
  index_t version = 0;
};

/// All that the ops change becomes one entry. errc::out_of_date, and nothing happened, if a key of `expected` has
/// another version.
struct write_command {
  std::vector<write_op> ops;
  reply_to<write_result> reply;
  std::vector<expected_version> expected = {};
};

/// Writes that arrived together, in their order; each is decided and answered for itself.
struct write_batch {
  std::vector<write_command> writes;
};

/// A session that wants to know when this node has reached `index`. Answer: the node's index.
struct wait_index {
  index_t index = 0;
  std::chrono::milliseconds timeout{0}; ///< 0 = no limit, as Redis' WAIT
  reply_to<index_t> reply;
};

/// A session that wants to know how many direct downstreams keep entry `index` on disk. Answer: that number, when
/// it is `count` or the time is up.
struct wait_acks {
  index_t index = 0;
  std::size_t count = 0;
  std::chrono::milliseconds timeout{0}; ///< 0 = no limit
  reply_to<std::size_t> reply;
};

/// Misses of one client command. Answer: the values in the order of `items`; errc::too_large as soon as more than
/// `bytes_max` of them have come.
struct fetch_command {
  struct item {
    std::string key;
    index_t version = 0; ///< what the proxy knows the key's version to be
  };
  std::vector<item> items;
  data_source source; ///< where those versions were read
  reply_to<std::vector<std::string>> reply;
  std::size_t bytes_max = limits::multi_read_bytes_max;
  bool scan = false; ///< nobody named the keys: they came with a range, and that they are in use is no more likely
};

} // namespace argentum
