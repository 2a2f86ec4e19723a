// SPDX-License-Identifier: Apache-2.0
// Reads of keys. Hits and absences are answered here and now from the read view; values that a proxy has evicted
// are fetched, and later commands do not wait for them.
#include "apps/net/resp_commands/groups.hpp"
#include "apps/net/resp_commands/many_keys.hpp"
#include "apps/net/resp_commands/planned_reads.hpp"
#include "apps/net/value_fetch.hpp"

namespace argentum::net {

namespace {

using storage::read_status;

/// Of a large value, this much costs as much as a small value as a whole.
constexpr std::size_t work_bytes = 16 * limits::kib;

/// GET and STRLEN: `write(resp_writer&, value)` for a key that exists; returns false if it is absent.
template <class F>
bool read_one(command_call& call, std::string_view key, F write) {
  auto answer = call.view().get(key, call.scratch);
  if (!answer) {
    call.fail(read_error_text(answer.error()));
    return true;
  }
  call.count_read(key, answer->status, call.scratch);
  if (answer->status == read_status::absent) return false;
  if (answer->status == read_status::found) {
    call.counts.extra_work += call.scratch.size() / work_bytes;
    auto out = call.reply();
    write(out, call.scratch);
  } else {
    fetch(call, call.source(), {{std::string{key}, answer->version}}, limits::multi_read_bytes_max,
          [write](resp_writer& out, std::vector<std::string>& values) { write(out, values[0]); });
  }
  return true;
}

void get(command_call& call) {
  auto write = [](resp_writer& out, const std::string& value) { out.bulk(value); };
  if (!read_one(call, call.args[1], write)) call.reply().null();
}

void strlen(command_call& call) {
  auto write = [](resp_writer& out, const std::string& value) {
    out.integer(static_cast<std::int64_t>(value.size()));
  };
  if (!read_one(call, call.args[1], write)) call.reply().integer(0);
}

void getrange(command_call& call) {
  std::int64_t first = 0;
  std::int64_t last = 0;
  if (!read_integer(call, call.args[2], first) || !read_integer(call, call.args[3], last)) return;
  auto write = [first, last](resp_writer& out, const std::string& value) { out.bulk(slice(value, first, last)); };
  if (!read_one(call, call.args[1], write)) call.reply().bulk({});
}

void mget(command_call& call) {
  read_in_turns<mget_reply>(call);
}

void exists(command_call& call) {
  if (call.args.size() == 2) {
    auto answer = call.view().get(call.args[1], call.scratch);
    if (!answer) return call.fail(read_error_text(answer.error()));
    call.count_read(call.args[1], answer->status, call.scratch);
    return call.reply().integer(answer->status == read_status::absent ? 0 : 1);
  }
  read_in_turns<exists_reply>(call);
}

void type(command_call& call) {
  auto answer = call.view().get(call.args[1], call.scratch);
  if (!answer) return call.fail(read_error_text(answer.error()));
  call.reply().simple(answer->status == read_status::absent ? "none" : "string");
}

constexpr auto rule = run_rule::after_writes;
constexpr command_row rows[] = {
    {"get", 2, rule, "readonly fast", get, 1, 1, 1, plan_get},
    {"mget", -2, rule, "readonly fast", mget, 1, -1, 1, plan_mget},
    {"exists", -2, rule, "readonly fast", exists, 1, -1, 1, plan_exists},
    {"touch", -2, rule, "readonly fast", exists, 1, -1, 1, plan_exists},
    {"strlen", 2, rule, "readonly fast", strlen, 1, 1, 1, plan_strlen},
    {"getrange", 4, rule, "readonly", getrange, 1, 1, 1, plan_getrange},
    {"substr", 4, rule, "readonly", getrange, 1, 1, 1, plan_getrange},
    {"type", 2, rule, "readonly fast", type, 1, 1, 1, plan_type},
};

} // namespace

std::span<const command_row> read_commands() {
  return rows;
}

} // namespace argentum::net
