// SPDX-License-Identifier: Apache-2.0
// FLUSHDB and FLUSHALL, where the config allows them: one walk over the keys, which removes them by entries of
// limits::flush_keys. So followers, histories and digests see nothing new, and others' writes come in between: it
// is not atomic. It runs on the worker for long jobs; keys that are made behind its back stay.
#include "apps/net/resp_commands/groups.hpp"

#include <caf/send.hpp>

#include <future>

namespace argentum::net {

namespace {

using namespace std::chrono_literals;

/// How often a job that waits for the disk looks whether it should end.
constexpr auto stop_check_interval = 50ms;

caf::expected<write_result> remove_keys(const actors::instance_handle& instance,
                                        const std::vector<storage::read_record>& page,
                                        const std::atomic<bool>& stopping) {
  std::vector<write_op> ops;
  for (const auto& each : page) ops.emplace_back(remove_op{each.key});
  auto done = std::make_shared<std::promise<caf::expected<write_result>>>();
  auto answer = done->get_future();
  reply_to<write_result> reply{[done](caf::expected<write_result> result) { done->set_value(std::move(result)); }};
  caf::anon_send(instance.sequencer, write_command{std::move(ops), std::move(reply)});
  while (answer.wait_for(stop_check_interval) != std::future_status::ready)
    if (stopping) return make_error(errc::unavailable);
  return answer.get();
}

/// The index of the last entry; 0 if there was nothing to remove.
caf::expected<index_t> flush(const actors::instance_handle& instance, const std::atomic<bool>& stopping) {
  std::string after;
  index_t last = 0;
  for (bool from_start = true;; from_start = false) {
    std::vector<storage::read_record> page;
    auto index =
        instance.view->load()->page({after, from_start, limits::flush_keys, limits::batch_bytes, false}, page);
    if (!index) return index.error();
    if (page.empty()) return last;
    auto removed = remove_keys(instance, page, stopping);
    if (!removed) return removed.error();
    last = removed->index;
    after = std::move(page.back().key);
  }
}

bool may_flush(command_call& call) {
  if (call.args.size() > 2
      || (call.args.size() == 2 && !equal_nocase(call.args[1], "async") && !equal_nocase(call.args[1], "sync"))) {
    call.fail("ERR syntax error");
    return false;
  }
  if (!call.check_writable()) return false;
  if (call.server.config.flush) return true;
  call.fail("ERR " + std::string{call.args[0]}
            + " is not allowed: set flush = true in [commands] of the node's config");
  return false;
}

/// Empties the instances one after the other.
void flush_instances(command_call& call, std::size_t first, std::size_t count) {
  using indexes = std::vector<index_t>;
  auto reply = call.later<indexes>(wait_kind::barrier,
                                   [first](client_state& client, resp_writer& out, caf::expected<indexes>& answer) {
                                     if (!answer) return out.error(write_error_text(answer.error()));
                                     for (std::size_t i = 0; i < answer->size(); ++i)
                                       if (answer->at(i) != 0) note_write(client, first + i, answer->at(i));
                                     out.simple("OK");
                                   });
  const auto& all = call.server.instances();
  std::vector<actors::instance_handle> chosen(all.begin() + static_cast<std::ptrdiff_t>(first),
                                              all.begin() + static_cast<std::ptrdiff_t>(first + count));
  auto work = [chosen = std::move(chosen), reply](const std::atomic<bool>& stopping) {
    indexes done;
    for (const auto& each : chosen) {
      auto last = flush(each, stopping);
      if (!last) return reply.deliver(last.error());
      done.push_back(*last);
    }
    reply.deliver(std::move(done));
  };
  if (call.server.digests->submit(std::move(work))) return;
  call.server.node.metrics->digests_refused.add();
  reply.deliver(make_error(errc::overloaded));
}

void flushdb(command_call& call) {
  if (may_flush(call)) flush_instances(call, call.client.instance, 1);
}

void flushall(command_call& call) {
  if (may_flush(call)) flush_instances(call, 0, call.server.instances().size());
}

constexpr command_row rows[] = {
    {"flushdb", -1, run_rule::after_writes, "write", flushdb},
    {"flushall", -1, run_rule::after_writes, "write", flushall},
};

} // namespace

std::span<const command_row> flush_commands() {
  return rows;
}

} // namespace argentum::net
