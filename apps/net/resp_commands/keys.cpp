// SPDX-License-Identifier: Apache-2.0
// What tools ask about a key: MEMORY USAGE (redis-cli --memkeys), OBJECT; and TIME.
#include "apps/net/resp_commands/groups.hpp"
#include "apps/net/value_fetch.hpp"
#include "messages/integer_text.hpp"

namespace argentum::net {

namespace {

/// `write(resp_writer&, value)` for a key that exists, else null.
template <class F>
void describe_value(command_call& call, std::string_view key, F write) {
  std::vector<storage::read_record> records;
  auto index = call.view().multi_get({&key, 1}, limits::multi_read_bytes_max, records);
  if (!index) return call.fail(read_error_text(index.error()));
  if (records[0].answer.status == storage::read_status::absent) return call.reply().null();
  with_values(call, call.source(), {&key, 1}, std::move(records), {0},
              [write](resp_writer& out, std::vector<storage::read_record>& all) { write(out, all[0].value); });
}

/// Key and value; what the store adds to each is not known for one key.
void memory_usage(command_call& call) {
  if (call.args.size() > 3) {
    std::int64_t samples = 0;
    if (call.args.size() != 5 || !equal_nocase(call.args[3], "samples")) return call.fail("ERR syntax error");
    if (!read_integer(call, call.args[4], samples)) return;
    if (samples < 0) return call.fail("ERR syntax error");
  }
  auto key_bytes = call.args[2].size();
  describe_value(call, call.args[2], [key_bytes](resp_writer& out, const std::string& value) {
    out.integer(static_cast<std::int64_t>(key_bytes + value.size()));
  });
}

/// As Redis would keep it.
const char* encoding_of(std::string_view value) {
  constexpr std::size_t embedded_bytes_max = 44;
  if (parse_integer(value)) return "int";
  return value.size() <= embedded_bytes_max ? "embstr" : "raw";
}

void object_encoding(command_call& call) {
  describe_value(call, call.args[2],
                 [](resp_writer& out, const std::string& value) { out.bulk(encoding_of(value)); });
}

void object_refcount(command_call& call) {
  auto now = call.view().get(call.args[2], call.scratch);
  if (!now) return call.fail(read_error_text(now.error()));
  now->status == storage::read_status::absent ? call.reply().null() : call.reply().integer(1);
}

constexpr subcommand_row memory_rows[] = {{"usage", -3, memory_usage}};
constexpr subcommand_row object_rows[] = {{"encoding", 3, object_encoding}, {"refcount", 3, object_refcount}};

void memory(command_call& call) {
  run_subcommand(call, "memory", memory_rows);
}

void object(command_call& call) {
  run_subcommand(call, "object", object_rows);
}

/// Seconds and microseconds of this node's clock.
void time(command_call& call) {
  using namespace std::chrono;
  auto now = floor<microseconds>(system_clock::now().time_since_epoch());
  auto out = call.reply();
  out.array(2);
  out.bulk(std::to_string(floor<seconds>(now).count()));
  out.bulk(std::to_string((now % seconds{1}).count()));
}

constexpr command_row rows[] = {
    {"memory", -2, run_rule::after_writes, "readonly", memory, 2, 2, 1},
    {"object", -2, run_rule::after_writes, "readonly", object, 2, 2, 1},
    {"time", 1, run_rule::any, "loading stale fast", time},
};

} // namespace

std::span<const command_row> key_commands() {
  return rows;
}

} // namespace argentum::net
