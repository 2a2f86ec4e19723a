// SPDX-License-Identifier: Apache-2.0
// What a write command must do and answer, by the rules of Redis, on the keys as the root's log has them. Written
// apart from the sequencer, in the plainest way, so that a mistake there cannot hide here.
#pragma once

#include "messages/write.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace argentum::sim {

class write_model {
 public:
  using reader = std::function<old_value(const std::string& key)>;

  /// `before`: what a key was when the command began.
  explicit write_model(reader before) : before_(std::move(before)) {}

  /// The answer of the next op of the command.
  op_answer run(const write_op& op);
  /// What it logs: the keys that an op has made another value of, and what they are at the end. A key that came and
  /// went again is none of them; one that got its old value back is.
  std::map<std::string, old_value> changes() const;

 private:
  const old_value& now(const std::string& key);
  void set(const std::string& key, const old_value& value);
  op_answer run(const put_op& op);
  op_answer run(const put_all_absent_op& op);
  op_answer run(const remove_op& op);
  op_answer run(const append_op& op);
  op_answer run(const overwrite_op& op);
  op_answer run(const add_op& op);
  op_answer run(const add_real_op& op);
  op_answer run(const read_op& op);
  op_answer run(const exists_op& op);

  reader before_;
  std::map<std::string, old_value> keys_;
  std::set<std::string> changed_;
};

} // namespace argentum::sim
