// SPDX-License-Identifier: Apache-2.0
// WAIT and ROLE: the tree, as far as Redis has words for it.
#include "apps/net/resp_commands/groups.hpp"
#include "messages/integer_text.hpp"

#include <caf/send.hpp>

namespace argentum::net {

namespace {

/// How many direct downstreams keep this connection's last write to the instance on disk.
void wait(command_call& call) {
  if (!call.instance().sequencer)
    return call.fail("ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a "
                     "replica is configured to be writable (which is not the default) writes to replicas are just "
                     "local and are not propagated.");
  std::int64_t count = 0;
  if (!read_integer(call, call.args[1], count)) return;
  auto timeout = parse_integer(call.args[2]);
  if (!timeout) return call.fail("ERR timeout is not an integer or out of range");
  if (*timeout < 0) return call.fail("ERR timeout is negative");
  auto reply = call.later<std::size_t>(wait_kind::index, [](client_state&, resp_writer& out,
                                                            caf::expected<std::size_t>& answer) {
    if (answer) return out.integer(static_cast<std::int64_t>(*answer));
    bool full = code_of(answer.error()) == errc::overloaded;
    out.error(full ? "TRYAGAIN too many clients wait for downstreams" : "ERR storage: " + describe(answer.error()));
  });
  caf::anon_send(call.instance().now->load()->source,
                 wait_acks{last_write(call), static_cast<std::size_t>(std::max<std::int64_t>(count, 0)),
                           std::chrono::milliseconds{*timeout}, std::move(reply)});
}

/// On the root the downstreams are left out: it knows their links, not their clients' addresses.
void role(command_call& call) {
  auto out = call.reply();
  auto index = static_cast<std::int64_t>(call.view().applied());
  if (call.instance().sequencer) {
    out.array(3);
    out.bulk("master");
    out.integer(index);
    return out.array(0);
  }
  const auto& metrics = *call.instance().metrics;
  auto upstream = metrics.upstream.value();
  auto colon = std::min(upstream.rfind(':'), upstream.size());
  auto port = parse_integer(std::string_view{upstream}.substr(std::min(colon + 1, upstream.size())));
  out.array(5);
  out.bulk("slave");
  out.bulk(std::string_view{upstream}.substr(0, colon));
  out.integer(port.value_or(0));
  out.bulk(metrics.bootstrapping.value() != 0        ? "sync"
           : metrics.upstream_connected.value() != 0 ? "connected"
                                                     : "connect");
  out.integer(index);
}

constexpr command_row rows[] = {
    {"wait", 3, run_rule::after_writes, "noscript", wait},
    {"role", 1, run_rule::after_writes, "noscript loading stale fast", role},
};

} // namespace

std::span<const command_row> replication_commands() {
  return rows;
}

} // namespace argentum::net
