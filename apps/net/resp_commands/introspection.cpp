// SPDX-License-Identifier: Apache-2.0
// COMMAND: what this server can do, in the form that redis-cli and client libraries ask for.
#include "apps/net/resp_commands/groups.hpp"

#include <algorithm>

namespace argentum::net {

namespace {

const std::string_view hidden = "hidden";

std::vector<const command_row*> shown(const command_table& table) {
  std::vector<const command_row*> out;
  std::copy_if(table.rows().begin(), table.rows().end(), std::back_inserter(out),
               [](const command_row* row) { return row->flags != hidden; });
  return out;
}

/// The elements of a text separated by blanks.
std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    auto end = std::min(text.find(' '), text.size());
    out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

/// The ten fields of Redis 7; categories, tips, key specifications and subcommands are not kept here.
void write_row(resp_writer& out, const command_row& row) {
  out.array(10);
  out.bulk(row.name);
  out.integer(row.arity);
  auto flags = words(row.flags);
  out.set(flags.size());
  for (auto flag : flags) out.simple(flag);
  out.integer(row.first_key);
  out.integer(row.last_key);
  out.integer(row.key_step);
  for (int i = 0; i < 4; ++i) i == 0 ? out.set(0) : out.array(0);
}

void list_rows(command_call& call) {
  auto rows = shown(call.server.commands);
  auto out = call.reply();
  out.array(rows.size());
  for (const auto* row : rows) write_row(out, *row);
}

void count(command_call& call) {
  call.reply().integer(static_cast<std::int64_t>(shown(call.server.commands).size()));
}

/// No texts are kept; clients take an empty answer for "unknown".
void docs(command_call& call) {
  call.reply().map(0);
}

void info(command_call& call) {
  if (call.args.size() == 2) return list_rows(call);
  auto out = call.reply();
  out.array(call.args.size() - 2);
  for (auto name : call.args.subspan(2)) {
    const auto* row = call.server.commands.find(name);
    row == nullptr ? out.null() : write_row(out, *row);
  }
}

void list(command_call& call) {
  auto rows = shown(call.server.commands);
  auto out = call.reply();
  out.array(rows.size());
  for (const auto* row : rows) out.bulk(row->name);
}

constexpr subcommand_row command_rows[] = {
    {"count", 2, count}, {"docs", -2, docs}, {"info", -2, info}, {"list", 2, list}};

void command(command_call& call) {
  call.args.size() == 1 ? list_rows(call) : run_subcommand(call, "command", command_rows);
}

constexpr command_row rows[] = {{"command", -1, run_rule::any, "loading stale", command}};

} // namespace

std::span<const command_row> introspection_commands() {
  return rows;
}

} // namespace argentum::net
