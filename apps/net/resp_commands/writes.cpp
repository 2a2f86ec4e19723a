// SPDX-License-Identifier: Apache-2.0
// Writes: checked here and taken apart into ops, which go to the sequencer without waiting, so that a pipeline of
// them shares one fsync.
#include "apps/net/resp_commands/groups.hpp"
#include "apps/net/resp_commands/set_options.hpp"
#include "messages/real_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace argentum::net {

namespace {

using answers = std::span<op_answer>;

bool key_fits(command_call& call, std::string_view key) {
  if (key.size() <= call.server.config.key_bytes_max) return true;
  call.fail(
      fmt::format("ERR key is too large: {} bytes, at most {}", key.size(), call.server.config.key_bytes_max));
  return false;
}

bool value_fits(command_call& call, std::string_view value) {
  if (value.size() <= call.server.config.value_bytes_max) return true;
  call.fail(fmt::format("ERR value is too large: {} bytes, at most {}", value.size(),
                        call.server.config.value_bytes_max));
  return false;
}

bool entry_fits(command_call& call, std::size_t mutations) {
  if (mutations <= limits::entry_mutations_max) return true;
  call.fail(fmt::format("ERR more than {} keys in one write", limits::entry_mutations_max));
  return false;
}

void write_ok(resp_writer& out, answers) {
  out.simple("OK");
}

void write_number(resp_writer& out, answers from) {
  out.integer(std::get<std::int64_t>(from[0]));
}

void write_value(resp_writer& out, answers from) {
  const auto& value = std::get<old_value>(from[0]);
  value ? out.bulk(*value) : out.null();
}

void write_ok_if_done(resp_writer& out, answers from) {
  std::get<std::int64_t>(from[0]) != 0 ? out.simple("OK") : out.null();
}

void write_sum(resp_writer& out, answers from) {
  std::int64_t sum = 0;
  for (const auto& each : from) sum += std::get<std::int64_t>(each);
  out.integer(sum);
}

bool plan_set(command_call& call, planned_command& plan) {
  set_options options;
  if (!parse_set_options(call, options) || !key_fits(call, call.args[1]) || !value_fits(call, call.args[2]))
    return false;
  plan.ops.emplace_back(
      put_op{std::string{call.args[1]}, std::string{call.args[2]}, options.when, options.answer_old});
  plan.write = options.answer_old ? write_value : options.when == put_when::always ? write_ok : write_ok_if_done;
  return true;
}

bool plan_setnx(command_call& call, planned_command& plan) {
  if (!key_fits(call, call.args[1]) || !value_fits(call, call.args[2])) return false;
  plan.ops.emplace_back(put_op{std::string{call.args[1]}, std::string{call.args[2]}, put_when::absent});
  plan.write = write_number;
  return true;
}

bool plan_getset(command_call& call, planned_command& plan) {
  if (!key_fits(call, call.args[1]) || !value_fits(call, call.args[2])) return false;
  plan.ops.emplace_back(put_op{std::string{call.args[1]}, std::string{call.args[2]}, put_when::always, true});
  plan.write = write_value;
  return true;
}

bool plan_getdel(command_call& call, planned_command& plan) {
  plan.ops.emplace_back(remove_op{std::string{call.args[1]}, true});
  plan.write = write_value;
  return key_fits(call, call.args[1]);
}

/// Whether the pairs of MSET and MSETNX may be written; answers why not.
bool pairs_fit(command_call& call, std::string_view name) {
  if (call.args.size() % 2 == 0) {
    call.fail_arity(name);
    return false;
  }
  auto words = call.args.subspan(1);
  if (!entry_fits(call, words.size() / 2)) return false;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < words.size(); i += 2) {
    if (!key_fits(call, words[i]) || !value_fits(call, words[i + 1])) return false;
    bytes += words[i].size() + words[i + 1].size();
  }
  if (bytes <= limits::entry_bytes_max) return true;
  call.fail("ERR the write is too large");
  return false;
}

using words = std::span<const std::string_view>;

/// Calls add(n) for the next numbers from `done` on, some a turn, below `count`; true if some are left.
template <class F>
bool some_of(std::size_t done, std::size_t count, F add) {
  auto end = std::min(count, done + limits::turn_work_max);
  for (; done < end; ++done) add(done);
  return end < count;
}

bool copy_puts(words args, planned_command& plan) {
  return some_of(plan.ops.size(), args.size() / 2, [&](std::size_t n) {
    plan.ops.emplace_back(put_op{std::string{args[2 * n + 1]}, std::string{args[2 * n + 2]}});
  });
}

bool plan_mset(command_call& call, planned_command& plan) {
  if (!pairs_fit(call, "mset")) return false;
  plan.ops.reserve(call.args.size() / 2);
  plan.write = write_ok;
  plan.copy_more = copy_puts;
  return true;
}

bool copy_pairs(words args, planned_command& plan) {
  auto& pairs = std::get<put_all_absent_op>(plan.ops.front()).pairs;
  return some_of(pairs.size(), args.size() / 2,
                 [&](std::size_t n) { pairs.emplace_back(args[2 * n + 1], args[2 * n + 2]); });
}

bool plan_msetnx(command_call& call, planned_command& plan) {
  if (!pairs_fit(call, "msetnx")) return false;
  plan.ops.emplace_back(put_all_absent_op{});
  plan.write = write_number;
  plan.copy_more = copy_pairs;
  return true;
}

bool copy_removals(words args, planned_command& plan) {
  return some_of(plan.ops.size(), args.size() - 1,
                 [&](std::size_t n) { plan.ops.emplace_back(remove_op{std::string{args[n + 1]}}); });
}

bool plan_del(command_call& call, planned_command& plan) {
  auto keys = call.args.subspan(1);
  if (!entry_fits(call, keys.size())) return false;
  if (!std::all_of(keys.begin(), keys.end(), [&](auto key) { return key_fits(call, key); })) return false;
  plan.ops.reserve(keys.size());
  plan.write = write_sum;
  plan.copy_more = copy_removals;
  return true;
}

bool plan_append(command_call& call, planned_command& plan) {
  if (!key_fits(call, call.args[1]) || !value_fits(call, call.args[2])) return false;
  plan.ops.emplace_back(append_op{std::string{call.args[1]}, std::string{call.args[2]}});
  plan.write = write_number;
  return true;
}

bool plan_setrange(command_call& call, planned_command& plan) {
  std::int64_t offset = 0;
  if (!read_integer(call, call.args[2], offset)) return false;
  if (offset < 0) {
    call.fail("ERR offset is out of range");
    return false;
  }
  if (!key_fits(call, call.args[1]) || !value_fits(call, call.args[3])) return false;
  plan.ops.emplace_back(
      overwrite_op{std::string{call.args[1]}, static_cast<std::uint64_t>(offset), std::string{call.args[3]}});
  plan.write = write_number;
  return true;
}

bool plan_add(command_call& call, planned_command& plan, std::int64_t by) {
  plan.ops.emplace_back(add_op{std::string{call.args[1]}, by});
  plan.write = write_number;
  return key_fits(call, call.args[1]);
}

bool plan_incr(command_call& call, planned_command& plan) {
  return plan_add(call, plan, 1);
}

bool plan_decr(command_call& call, planned_command& plan) {
  return plan_add(call, plan, -1);
}

bool plan_incrby(command_call& call, planned_command& plan) {
  std::int64_t by = 0;
  return read_integer(call, call.args[2], by) && plan_add(call, plan, by);
}

bool plan_decrby(command_call& call, planned_command& plan) {
  std::int64_t by = 0;
  if (!read_integer(call, call.args[2], by)) return false;
  if (by != INT64_MIN) return plan_add(call, plan, -by);
  call.fail("ERR decrement would overflow");
  return false;
}

bool plan_incrbyfloat(command_call& call, planned_command& plan) {
  auto by = parse_real(call.args[2]);
  if (!by) {
    call.fail("ERR value is not a valid float");
    return false;
  }
  plan.ops.emplace_back(add_real_op{std::string{call.args[1]}, *by});
  plan.write = write_value;
  return key_fits(call, call.args[1]);
}

constexpr auto any = run_rule::any;
constexpr command_row rows[] = {
    {"set", -3, any, "write denyoom", nullptr, 1, 1, 1, plan_set},
    {"setnx", 3, any, "write denyoom fast", nullptr, 1, 1, 1, plan_setnx},
    {"getset", 3, any, "write denyoom fast", nullptr, 1, 1, 1, plan_getset},
    {"getdel", 2, any, "write fast", nullptr, 1, 1, 1, plan_getdel},
    {"mset", -3, any, "write denyoom", nullptr, 1, -1, 2, plan_mset},
    {"msetnx", -3, any, "write denyoom", nullptr, 1, -1, 2, plan_msetnx},
    {"del", -2, any, "write", nullptr, 1, -1, 1, plan_del},
    {"unlink", -2, any, "write fast", nullptr, 1, -1, 1, plan_del},
    {"append", 3, any, "write denyoom fast", nullptr, 1, 1, 1, plan_append},
    {"setrange", 4, any, "write denyoom", nullptr, 1, 1, 1, plan_setrange},
    {"incr", 2, any, "write denyoom fast", nullptr, 1, 1, 1, plan_incr},
    {"decr", 2, any, "write denyoom fast", nullptr, 1, 1, 1, plan_decr},
    {"incrby", 3, any, "write denyoom fast", nullptr, 1, 1, 1, plan_incrby},
    {"decrby", 3, any, "write denyoom fast", nullptr, 1, 1, 1, plan_decrby},
    {"incrbyfloat", 3, any, "write denyoom fast", nullptr, 1, 1, 1, plan_incrbyfloat},
};

} // namespace

std::span<const command_row> write_commands() {
  return rows;
}

} // namespace argentum::net
