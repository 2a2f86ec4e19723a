// SPDX-License-Identifier: Apache-2.0
// Walks over keys: SCAN, RANDOMKEY, DBSIZE.
#include "apps/net/glob.hpp"
#include "apps/net/key_before.hpp"
#include "apps/net/resp_commands/groups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace argentum::net {

namespace {

struct scan_options {
  std::uint64_t cursor = 0;
  std::string_view pattern = "*";
  std::size_t count = 10;
  bool strings = true; ///< TYPE names the one type there is
};

bool parse_scan(command_call& call, scan_options& options) {
  auto text = call.args[1];
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), options.cursor);
  if (error != std::errc{} || end != text.data() + text.size()) {
    call.fail("ERR invalid cursor");
    return false;
  }
  for (std::size_t i = 2; i < call.args.size(); i += 2) {
    bool valued = i + 1 < call.args.size();
    if (valued && equal_nocase(call.args[i], "match")) {
      options.pattern = call.args[i + 1];
    } else if (valued && equal_nocase(call.args[i], "type")) {
      options.strings = equal_nocase(call.args[i + 1], "string");
    } else if (valued && equal_nocase(call.args[i], "count")) {
      std::int64_t count = 0;
      if (!read_integer(call, call.args[i + 1], count)) return false;
      if (count < 1) {
        call.fail("ERR syntax error");
        return false;
      }
      options.count = std::min(static_cast<std::size_t>(count), limits::scan_page_max);
    } else {
      call.fail("ERR syntax error");
      return false;
    }
  }
  return true;
}

void write_page(command_call& call, std::uint64_t cursor, const std::vector<std::string_view>& keys) {
  auto out = call.reply();
  out.array(2);
  out.bulk(std::to_string(cursor));
  out.array(keys.size());
  for (auto key : keys) out.bulk(key);
}

void scan(command_call& call) {
  scan_options options;
  if (!parse_scan(call, options)) return;
  auto prefix = literal_prefix(options.pattern);
  std::string after;
  if (options.cursor != 0) {
    auto place = call.server.cursors.use(call.client.instance, options.cursor);
    if (!place) return call.fail("ERR invalid cursor: it is not known here or no longer; start again with 0");
    after = std::move(*place);
  } else if (!prefix.empty()) {
    after = key_before(prefix, call.server.config.key_bytes_max);
  }
  bool from_start = options.cursor == 0 && prefix.empty();
  std::vector<storage::read_record> page;
  auto index = call.view().page({after, from_start, options.count, limits::batch_bytes, false}, page);
  if (!index) return call.fail(read_error_text(index.error()));
  call.counts.extra_work += page.size();

  std::vector<std::string_view> keys;
  for (const auto& each : page)
    if (options.strings && glob_match(options.pattern, each.key)) keys.emplace_back(each.key);
  std::size_t bytes = 0;
  for (const auto& each : page) bytes += each.key.size();
  bool cut = page.size() == options.count || bytes >= limits::batch_bytes;
  bool done = !cut || (page.back().key > prefix && !page.back().key.starts_with(prefix));
  auto next = done ? 0 : call.server.cursors.add(call.client.instance, page.back().key, options.cursor);
  write_page(call, next, keys);
}

void dbsize(command_call& call) {
  call.reply().integer(static_cast<std::int64_t>(call.view().key_count()));
}

/// One key of a page. The next call takes the page that follows, so that in the long run every key comes as often
/// as any other, whatever they look like.
void randomkey(command_call& call) {
  std::vector<storage::read_record> page;
  auto after = call.server.walks.place(call.client.instance);
  for (bool from_start : {after.empty(), true}) {
    auto index = call.view().page({after, from_start, limits::random_page_keys, limits::batch_bytes, false}, page);
    if (!index) return call.fail(read_error_text(index.error()));
    if (!page.empty() || from_start) break;
  }
  if (page.empty()) return call.reply().null();
  call.server.walks.go_on(call.client.instance, page.back().key);
  call.reply().bulk(page[call.server.walks.below(page.size())].key);
}

constexpr command_row rows[] = {
    {"scan", -2, run_rule::after_writes, "readonly", scan},
    {"randomkey", 1, run_rule::after_writes, "readonly", randomkey},
    {"dbsize", 1, run_rule::after_writes, "readonly fast", dbsize},
};

} // namespace

std::span<const command_row> scan_commands() {
  return rows;
}

} // namespace argentum::net
