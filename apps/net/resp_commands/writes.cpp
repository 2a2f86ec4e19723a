// SPDX-License-Identifier: Apache-2.0
// Writes: checked here, then sent to the sequencer without waiting, so that a pipeline of them shares one fsync.
#include "apps/net/resp_commands/groups.hpp"

#include <caf/send.hpp>
#include <fmt/format.h>

#include <array>
#include <unordered_map>
#include <unordered_set>

namespace argentum::net {

namespace {

bool is_writable(command_call& call) {
  if (call.instance().sequencer) return true;
  const auto& root = call.server.config.root_name;
  call.fail(fmt::format("READONLY You can't write against a read only replica; the root of {} is {}.",
                        call.instance().name, root.empty() ? "unknown" : root));
  return false;
}

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

/// Hands the ops to the sequencer; `write(resp_writer&, write_result)` answers.
template <class F>
void submit(command_call& call, std::vector<write_op> ops, std::size_t bytes, F write) {
  auto number = call.client.instance;
  auto reply = call.later<write_result>(
      wait_kind::write,
      [number, write](client_state& client, resp_writer& out, caf::expected<write_result>& answer) {
        if (!answer) return out.error(write_error_text(answer.error()));
        if (client.last_write.size() <= number) client.last_write.resize(number + 1);
        client.last_write[number] = answer->index;
        write(out, *answer);
      },
      bytes);
  caf::anon_send(call.instance().sequencer, write_command{std::move(ops), std::move(reply)});
}

void answer_ok(resp_writer& out, const write_result&) {
  out.simple("OK");
}

/// Redis' options of SET that this server knows but does not have yet.
bool is_redis_set_option(std::string_view option) {
  constexpr std::array known{"nx", "xx", "get", "ex", "px", "exat", "pxat", "keepttl"};
  for (const auto* each : known)
    if (equal_nocase(each, option)) return true;
  return false;
}

void set(command_call& call) {
  if (call.args.size() > 3) {
    if (!is_redis_set_option(call.args[3])) return call.fail("ERR syntax error");
    return call.fail(fmt::format("ERR syntax error, SET option '{}' is not supported", call.args[3]));
  }
  if (!is_writable(call) || !key_fits(call, call.args[1]) || !value_fits(call, call.args[2])) return;
  std::vector<write_op> ops;
  ops.emplace_back(put_op{std::string{call.args[1]}, std::string{call.args[2]}});
  submit(call, std::move(ops), call.args[1].size() + call.args[2].size(), answer_ok);
}

void mset(command_call& call) {
  if (call.args.size() % 2 == 0) return call.fail_arity("mset");
  auto pairs = call.args.subspan(1);
  if (!is_writable(call) || !entry_fits(call, pairs.size() / 2)) return;
  // An entry holds a key once; of equal keys the last one wins, as if they were set in order.
  std::vector<write_op> ops;
  std::unordered_map<std::string_view, std::size_t> place_of;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    auto key = pairs[i];
    auto value = pairs[i + 1];
    if (!key_fits(call, key) || !value_fits(call, value)) return;
    bytes += key.size() + value.size();
    auto [place, is_new] = place_of.emplace(key, ops.size());
    if (is_new)
      ops.emplace_back(put_op{std::string{key}, std::string{value}});
    else
      std::get<put_op>(ops[place->second]).value = value;
  }
  if (bytes > limits::entry_bytes_max) return call.fail("ERR the write is too large");
  submit(call, std::move(ops), bytes, answer_ok);
}

void del(command_call& call) {
  auto keys = call.args.subspan(1);
  if (!is_writable(call) || !entry_fits(call, keys.size())) return;
  std::vector<write_op> ops;
  std::unordered_set<std::string_view> seen;
  std::size_t bytes = 0;
  for (auto key : keys) {
    if (!key_fits(call, key)) return;
    bytes += key.size();
    if (seen.insert(key).second) ops.emplace_back(remove_op{std::string{key}});
  }
  submit(call, std::move(ops), bytes,
         [](resp_writer& out, const write_result& result) { out.integer(result.affected); });
}

constexpr command_row rows[] = {
    {"set", -3, run_rule::any, "write denyoom", set, 1, 1, 1},
    {"mset", -3, run_rule::any, "write denyoom", mset, 1, -1, 2},
    {"del", -2, run_rule::any, "write", del, 1, -1, 1},
    {"unlink", -2, run_rule::any, "write fast", del, 1, -1, 1},
};

} // namespace

std::span<const command_row> write_commands() {
  return rows;
}

} // namespace argentum::net
