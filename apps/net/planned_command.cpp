// SPDX-License-Identifier: Apache-2.0
#include "apps/net/planned_command.hpp"

namespace argentum::net {

namespace {

const char* text_of(op_refusal refusal) {
  switch (refusal) {
  case op_refusal::not_an_integer: return "ERR value is not an integer or out of range";
  case op_refusal::overflow: return "ERR increment or decrement would overflow";
  case op_refusal::not_a_number: return "ERR value is not a valid float";
  case op_refusal::not_finite: return "ERR increment would produce NaN or Infinity";
  case op_refusal::value_too_large: break;
  }
  return "ERR string exceeds maximum allowed size (proto-max-bulk-len)";
}

} // namespace

void write_reply(const planned_command& command, std::span<op_answer> answers, resp_writer& out) {
  if (!command.write) return out.raw(command.reply);
  for (const auto& each : answers)
    if (const auto* refusal = std::get_if<op_refusal>(&each)) return out.error(text_of(*refusal));
  command.write(out, answers);
}

bool transaction::add(planned_command command) {
  if (spoilt_) return true;
  std::size_t more = sizeof(queued) + command.reply.size();
  for (const auto& op : command.ops) more += payload_bytes(op);
  if (size() == limits::transaction_commands_max || bytes_ + more > limits::entry_bytes_max
      || ops_.size() + command.ops.size() > limits::entry_mutations_max)
    return false;
  bytes_ += more;
  auto count = command.ops.size();
  std::move(command.ops.begin(), command.ops.end(), std::back_inserter(ops_));
  command.ops = {};
  replies_.push_back({std::move(command), count});
  return true;
}

void transaction::write(resp_writer& out, std::span<op_answer> answers) const {
  out.array(replies_.size());
  for (const auto& each : replies_) {
    write_reply(each.command, answers.first(each.op_count), out);
    answers = answers.subspan(each.op_count);
  }
}

} // namespace argentum::net
