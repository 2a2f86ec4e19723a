// SPDX-License-Identifier: Apache-2.0
// What Redis does not have: the index of an instance, waiting for it, the past, and the digest that proves two
// nodes equal.
#include "apps/net/resp_commands/groups.hpp"

#include <caf/send.hpp>
#include <fmt/format.h>

namespace argentum::net {

namespace {

/// The entry of this connection's last write to the instance, else the node's own index.
void index(command_call& call) {
  auto last = last_write(call);
  call.reply().integer(static_cast<std::int64_t>(last != 0 ? last : call.view().applied()));
}

void waitindex(command_call& call) {
  std::int64_t index = 0;
  std::int64_t timeout_ms = 0;
  if (!read_integer(call, call.args[1], index) || !read_integer(call, call.args[2], timeout_ms)) return;
  if (index < 0) return call.fail("ERR index is negative");
  if (timeout_ms < 0) return call.fail("ERR timeout is negative");
  auto applied = call.view().applied();
  if (applied >= static_cast<index_t>(index)) return call.reply().integer(static_cast<std::int64_t>(applied));
  auto reply =
      call.later<index_t>(wait_kind::index, [](client_state&, resp_writer& out, caf::expected<index_t>& answer) {
        if (answer) return out.integer(static_cast<std::int64_t>(*answer));
        auto code = code_of(answer.error());
        if (code == errc::timed_out) return out.error("TIMEOUT index not reached");
        if (code == errc::overloaded) return out.error("TRYAGAIN too many clients wait for an index");
        out.error("ERR storage: " + describe(answer.error()));
      });
  caf::anon_send(call.instance().store,
                 wait_index{static_cast<index_t>(index), std::chrono::milliseconds{timeout_ms}, std::move(reply)});
}

/// The past of a replica; a proxy keeps none.
void getat(command_call& call) {
  std::int64_t index = 0;
  if (!read_integer(call, call.args[2], index)) return;
  if (index < 0) return call.fail("ERR index is negative");
  auto answer = call.view().read_at(call.args[1], static_cast<index_t>(index));
  if (!answer) return call.fail(read_error_text(answer.error()));
  switch (answer->status) {
  case lookup_status::found: return call.reply().bulk(answer->value);
  case lookup_status::absent: return call.reply().null();
  case lookup_status::behind:
    return call.fail(fmt::format("ERR index {} is not reached: this node is at {}", index, answer->index));
  default: break;
  }
  if (call.instance().role() == instance_role::proxy) return call.fail("ERR a proxy keeps no past: ask a replica");
  call.fail(fmt::format("PRUNED index {} is no longer kept: the oldest is {}", index, answer->index));
}

void digest(command_call& call) {
  auto reply = call.later<storage::store_digest>(
      wait_kind::barrier, [](client_state&, resp_writer& out, caf::expected<storage::store_digest>& answer) {
        if (!answer) {
          bool full = code_of(answer.error()) == errc::overloaded;
          return out.error(full ? "TRYAGAIN too many digests are waiting"
                                : "ERR storage: " + describe(answer.error()));
        }
        out.map(4);
        out.bulk("index");
        out.integer(static_cast<std::int64_t>(answer->index));
        out.bulk("keys");
        out.integer(static_cast<std::int64_t>(answer->key_count));
        out.bulk("key_digest");
        out.bulk(fmt::format("{:016x}", answer->keys));
        out.bulk("value_digest");
        out.bulk(fmt::format("{:016x}", answer->values));
      });
  auto work = [slot = call.instance().view, reply](const std::atomic<bool>& stopping) {
    reply.deliver(slot->load()->digest([&] { return stopping || reply.abandoned(); }));
  };
  if (call.server.digests->submit(std::move(work))) return;
  call.server.node.metrics->digests_refused.add();
  reply.deliver(make_error(errc::overloaded));
}

constexpr command_row rows[] = {
    {"index", 1, run_rule::after_writes, "readonly fast", index},
    {"waitindex", 3, run_rule::after_writes, "readonly", waitindex},
    {"getat", 3, run_rule::after_writes, "readonly", getat, 1, 1, 1},
    {"digest", 1, run_rule::after_writes, "readonly", digest},
};

} // namespace

std::span<const command_row> own_commands() {
  return rows;
}

} // namespace argentum::net
