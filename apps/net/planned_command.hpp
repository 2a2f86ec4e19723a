// SPDX-License-Identifier: Apache-2.0
// A data command taken apart: the ops that the sequencer runs, and how their answers become a reply. The same parts
// serve a command alone and a command in MULTI, where they wait for EXEC.
#pragma once

#include "apps/net/resp_writer.hpp"
#include "messages/write.hpp"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace argentum::net {

struct planned_command {
  std::vector<write_op> ops;
  /// Runs on the session's loop, with an answer for each op, none of them a refusal. Nothing: `reply` says all.
  std::function<void(resp_writer&, std::span<op_answer>)> write;
  std::string reply = {};
  /// Of a command with so many keys that they are copied some a turn: copies the next; false after the last. Null:
  /// all ops are there.
  bool (*copy_more)(std::span<const std::string_view> args, planned_command& plan) = nullptr;
};

/// The reply of one command: what `write` says, or the error of the op that was refused.
void write_reply(const planned_command& command, std::span<op_answer> answers, resp_writer& out);

/// What MULTI gathers. Bounded by limits::transaction_commands_max and the bounds of an entry.
class transaction {
 public:
  /// False if it would get too large.
  bool add(planned_command command);
  /// A command was refused: EXEC will refuse all.
  void spoil() noexcept { spoilt_ = true; }

  bool spoilt() const noexcept { return spoilt_; }
  std::size_t size() const noexcept { return replies_.size(); }
  std::size_t bytes() const noexcept { return bytes_; }
  /// Of all commands, in order.
  const std::vector<write_op>& ops() const noexcept { return ops_; }
  std::vector<write_op> take_ops() { return std::move(ops_); }
  /// EXEC's reply; one answer for each op.
  void write(resp_writer& out, std::span<op_answer> answers) const;

 private:
  struct queued {
    planned_command command; ///< without its ops
    std::size_t op_count = 0;
  };
  std::vector<queued> replies_;
  std::vector<write_op> ops_;
  std::size_t bytes_ = 0;
  bool spoilt_ = false;
};

/// What WATCH has seen.
struct watched_keys {
  std::size_t instance = 0;
  std::vector<expected_version> keys;
};

} // namespace argentum::net
