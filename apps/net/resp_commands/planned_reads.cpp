// SPDX-License-Identifier: Apache-2.0
#include "apps/net/resp_commands/planned_reads.hpp"

#include <algorithm>

namespace argentum::net {

namespace {

using answers = std::span<op_answer>;

const old_value& value_of(const op_answer& answer) {
  return std::get<old_value>(answer);
}

void write_value(resp_writer& out, const op_answer& answer) {
  const auto& value = value_of(answer);
  value ? out.bulk(*value) : out.null();
}

template <class Op>
void read_all_keys(command_call& call, planned_command& plan) {
  for (auto key : call.args.subspan(1)) plan.ops.emplace_back(Op{std::string{key}});
}

} // namespace

std::string_view slice(std::string_view value, std::int64_t first, std::int64_t last) noexcept {
  auto size = static_cast<std::int64_t>(value.size());
  if (first < 0 && last < 0 && first > last) return {};
  if (first < 0) first = std::max<std::int64_t>(first + size, 0);
  if (last < 0) last = std::max<std::int64_t>(last + size, 0);
  last = std::min(last, size - 1);
  if (first > last) return {};
  return value.substr(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first + 1));
}

bool plan_get(command_call& call, planned_command& plan) {
  plan.ops.emplace_back(read_op{std::string{call.args[1]}});
  plan.write = [](resp_writer& out, answers from) { write_value(out, from[0]); };
  return true;
}

bool plan_mget(command_call& call, planned_command& plan) {
  read_all_keys<read_op>(call, plan);
  plan.write = [](resp_writer& out, answers from) {
    out.array(from.size());
    for (const auto& each : from) write_value(out, each);
  };
  return true;
}

bool plan_exists(command_call& call, planned_command& plan) {
  read_all_keys<exists_op>(call, plan);
  plan.write = [](resp_writer& out, answers from) {
    std::int64_t present = 0;
    for (const auto& each : from) present += std::get<std::int64_t>(each);
    out.integer(present);
  };
  return true;
}

bool plan_strlen(command_call& call, planned_command& plan) {
  plan.ops.emplace_back(read_op{std::string{call.args[1]}});
  plan.write = [](resp_writer& out, answers from) {
    const auto& value = value_of(from[0]);
    out.integer(value ? static_cast<std::int64_t>(value->size()) : 0);
  };
  return true;
}

bool plan_getrange(command_call& call, planned_command& plan) {
  std::int64_t first = 0;
  std::int64_t last = 0;
  if (!read_integer(call, call.args[2], first) || !read_integer(call, call.args[3], last)) return false;
  plan.ops.emplace_back(read_op{std::string{call.args[1]}});
  plan.write = [first, last](resp_writer& out, answers from) {
    const auto& value = value_of(from[0]);
    out.bulk(value ? slice(*value, first, last) : std::string_view{});
  };
  return true;
}

bool plan_type(command_call& call, planned_command& plan) {
  plan.ops.emplace_back(exists_op{std::string{call.args[1]}});
  plan.write = [](resp_writer& out, answers from) {
    out.simple(std::get<std::int64_t>(from[0]) != 0 ? "string" : "none");
  };
  return true;
}

} // namespace argentum::net
