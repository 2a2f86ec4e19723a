// SPDX-License-Identifier: Apache-2.0
// COMMAND: what this server can do, in the form that redis-cli and client libraries ask for.
#include "apps/net/glob.hpp"
#include "apps/net/resp_commands/command_docs.hpp"
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

void write_doc(resp_writer& out, const command_row& row) {
  const auto* doc = doc_of(row.name);
  out.bulk(row.name);
  out.map(doc == nullptr ? 0 : 3);
  if (doc == nullptr) return;
  out.bulk("summary");
  out.bulk(doc->summary);
  out.bulk("since");
  out.bulk(doc->since);
  out.bulk("group");
  out.bulk(doc->group);
}

/// Of all commands, or those named; names that are not known are left out.
void docs(command_call& call) {
  auto rows = shown(call.server.commands);
  if (call.args.size() > 2) {
    rows.clear();
    for (auto name : call.args.subspan(2))
      if (const auto* row = call.server.commands.find(name); row != nullptr) rows.push_back(row);
  }
  auto out = call.reply();
  out.map(rows.size());
  for (const auto* row : rows) write_doc(out, *row);
}

/// The keys of a command, without running it.
void getkeys(command_call& call) {
  auto words = call.args.subspan(2);
  const auto* row = call.server.commands.find(words[0]);
  if (row == nullptr) return call.fail("ERR Invalid command specified");
  if (row->first_key == 0) return call.fail("ERR The command has no key arguments");
  if (!arity_fits(row->arity, words.size()))
    return call.fail("ERR Invalid number of arguments specified for command");
  auto count = static_cast<int>(words.size());
  auto last = row->last_key < 0 ? count + row->last_key : row->last_key;
  std::vector<std::string_view> keys;
  for (int i = row->first_key; i <= last && i < count; i += row->key_step)
    keys.push_back(words[static_cast<std::size_t>(i)]);
  auto out = call.reply();
  out.array(keys.size());
  for (auto key : keys) out.bulk(key);
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

/// COMMAND LIST [FILTERBY PATTERN glob]: there are no modules and no categories here.
void list(command_call& call) {
  auto rows = shown(call.server.commands);
  if (call.args.size() > 2) {
    bool by_pattern =
        call.args.size() == 5 && equal_nocase(call.args[2], "filterby") && equal_nocase(call.args[3], "pattern");
    if (!by_pattern) return call.fail("ERR syntax error");
    auto pattern = lower(call.args[4]);
    std::erase_if(rows, [&](const command_row* row) { return !glob_match(pattern, row->name); });
  }
  auto out = call.reply();
  out.array(rows.size());
  for (const auto* row : rows) out.bulk(row->name);
}

constexpr subcommand_row command_rows[] = {
    {"count", 2, count}, {"docs", -2, docs}, {"info", -2, info}, {"list", -2, list}, {"getkeys", -4, getkeys},
};

void command(command_call& call) {
  call.args.size() == 1 ? list_rows(call) : run_subcommand(call, "command", command_rows);
}

constexpr command_row rows[] = {{"command", -1, run_rule::any, "loading stale", command}};

} // namespace

std::span<const command_row> introspection_commands() {
  return rows;
}

} // namespace argentum::net
