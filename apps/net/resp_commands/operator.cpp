// SPDX-License-Identifier: Apache-2.0
// Commands of the admin listener only.
#include "apps/net/resp_commands/groups.hpp"

namespace argentum::net {

namespace {

void status(command_call& call) {
  call.reply().text(status_text(call.server.node));
}

/// Says OK, unlike Redis, as the end of the process takes a moment.
void shutdown(command_call& call) {
  if (!call.server.config.on_shutdown) return call.fail("ERR this node cannot be stopped by command");
  call.reply().simple("OK");
  call.client.close = true;
  call.server.config.on_shutdown();
}

/// INSTANCE ROLE name replica|proxy
void instance_role_of(command_call& call) {
  const auto& all = call.server.instances();
  auto named = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == call.args[2]; });
  if (named == all.end()) return call.fail("ERR no instance has this name");
  bool proxy = equal_nocase(call.args[3], "proxy");
  if (!proxy && !equal_nocase(call.args[3], "replica")) return call.fail("ERR the role is replica or proxy");
  if (!call.server.config.on_role) return call.fail("ERR roles cannot be changed by command here");
  auto said = call.server.config.on_role(static_cast<std::size_t>(named - all.begin()),
                                         proxy ? instance_role::proxy : instance_role::replica);
  if (!said) return call.fail("ERR " + text_of(said.error()));
  call.reply().simple(*said);
}

constexpr subcommand_row instance_rows[] = {{"role", 4, instance_role_of}};

void instance(command_call& call) {
  run_subcommand(call, "instance", instance_rows);
}

constexpr command_row rows[] = {
    {"instance", -2, run_rule::after_writes, "admin loading stale", instance},
    {"status", 1, run_rule::after_writes, "admin loading stale", status},
    {"shutdown", -1, run_rule::any, "admin noscript loading stale", shutdown},
};

} // namespace

std::span<const command_row> operator_commands() {
  return rows;
}

} // namespace argentum::net
