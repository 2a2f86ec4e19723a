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

constexpr command_row rows[] = {
    {"status", 1, run_rule::after_writes, "admin loading stale", status},
    {"shutdown", -1, run_rule::any, "admin noscript loading stale", shutdown},
};

} // namespace

std::span<const command_row> operator_commands() {
  return rows;
}

} // namespace argentum::net
