// SPDX-License-Identifier: Apache-2.0
// RANGE start end [LIMIT n]: pairs in key order as of one index, and where to go on. A proxy fetches the values
// that it lacks by one lookup.
#include "apps/net/key_before.hpp"
#include "apps/net/resp_commands/groups.hpp"
#include "apps/net/value_fetch.hpp"

#include <numeric>

namespace argentum::net {

namespace {

using storage::read_record;

/// Answers with an error and returns false unless the rest is LIMIT n.
bool parse_limit(command_call& call, std::size_t& limit) {
  if (call.args.size() == 3) return true;
  std::int64_t wanted = 0;
  if (call.args.size() != 5 || !equal_nocase(call.args[3], "limit")) {
    call.fail("ERR syntax error");
    return false;
  }
  if (!read_integer(call, call.args[4], wanted)) return false;
  if (wanted < 1) {
    call.fail("ERR LIMIT must be positive");
    return false;
  }
  limit = std::min(limit, static_cast<std::size_t>(wanted));
  return true;
}

/// Index, the key to go on from (nil: that was all), and the pairs.
void write_range(resp_writer& out, index_t index, bool cut, const std::vector<read_record>& records) {
  out.array(3);
  out.integer(static_cast<std::int64_t>(index));
  cut ? out.bulk(records.back().key + '\0') : out.null();
  out.array(records.size() * 2);
  for (const auto& each : records) {
    out.bulk(each.key);
    out.bulk(each.value);
  }
}

void range(command_call& call) {
  auto limit = limits::range_pairs_max;
  if (!parse_limit(call, limit)) return;
  auto start = call.args[1];
  auto end = call.args[2];
  auto after = start.empty() ? std::string{} : key_before(start, call.server.config.key_bytes_max);
  std::vector<read_record> records;
  storage::read_view::page_request wanted{after, start.empty(), limit, limits::range_bytes, true, end};
  auto index = call.view().page(wanted, records);
  if (!index) return call.fail(read_error_text(index.error()));
  std::size_t bytes = 0;
  std::vector<std::string_view> keys;
  for (const auto& each : records) {
    keys.emplace_back(each.key);
    bytes += each.key.size() + each.value.size();
  }
  bool cut = records.size() == limit || bytes >= limits::range_bytes;
  std::vector<std::size_t> all(records.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  with_values(
      call, call.source(), keys, std::move(records), all,
      [index = *index, cut](resp_writer& out, std::vector<read_record>& complete) {
        write_range(out, index, cut, complete);
      },
      true);
}

constexpr command_row rows[] = {{"range", -3, run_rule::after_writes, "readonly", range}};

} // namespace

std::span<const command_row> range_commands() {
  return rows;
}

} // namespace argentum::net
