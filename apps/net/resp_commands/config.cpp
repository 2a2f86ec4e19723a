// SPDX-License-Identifier: Apache-2.0
// CONFIG GET: what redis-benchmark, redis-cli and client libraries ask for before they start. The node's own config
// is its file: nothing is set from here.
#include "apps/net/glob.hpp"
#include "apps/net/resp_commands/groups.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace argentum::net {

namespace {

struct parameter {
  std::string_view name;
  std::string (*value)(const server_state&);
};

constexpr parameter parameters[] = {
    {"appendfsync", [](const server_state&) { return std::string{"always"}; }},
    {"appendonly", [](const server_state&) { return std::string{"yes"}; }},
    {"bind", [](const server_state& s) { return s.config.listen.host; }},
    {"databases", [](const server_state& s) { return std::to_string(s.instances().size()); }},
    {"maxclients", [](const server_state& s) { return std::to_string(s.config.clients_max); }},
    {"maxmemory", [](const server_state&) { return std::string{"0"}; }},
    {"maxmemory-policy", [](const server_state&) { return std::string{"noeviction"}; }},
    {"port", [](const server_state& s) { return std::to_string(s.port); }},
    {"proto-max-bulk-len", [](const server_state& s) { return std::to_string(s.config.value_bytes_max); }},
    {"save", [](const server_state&) { return std::string{}; }},
    {"timeout", [](const server_state& s) { return std::to_string(s.config.client_idle_max.count() / 1000); }},
};

void get(command_call& call) {
  auto patterns = call.args.subspan(2);
  std::vector<const parameter*> wanted;
  for (const auto& each : parameters)
    if (std::any_of(patterns.begin(), patterns.end(),
                    [&](std::string_view pattern) { return glob_match(lower(pattern), each.name); }))
      wanted.push_back(&each);
  auto out = call.reply();
  out.map(wanted.size());
  for (const auto* each : wanted) {
    out.bulk(each->name);
    out.bulk(each->value(call.server));
  }
}

void set(command_call& call) {
  if (call.args.size() % 2 != 0) return call.fail("ERR syntax error");
  for (std::size_t i = 2; i < call.args.size(); i += 2) {
    auto name = call.args[i];
    if (std::none_of(std::begin(parameters), std::end(parameters),
                     [&](const auto& each) { return equal_nocase(each.name, name); }))
      return call.fail(fmt::format("ERR Unknown option or number of arguments for CONFIG SET - '{}'", name));
  }
  call.fail(fmt::format("ERR CONFIG SET failed (possibly related to argument '{}') - can't set immutable config",
                        call.args[2]));
}

void resetstat(command_call& call) {
  call.fail("ERR CONFIG RESETSTAT is not supported: counters of this node only grow");
}

void rewrite(command_call& call) {
  call.fail("ERR CONFIG REWRITE is not supported: the config is the node's file");
}

constexpr subcommand_row config_rows[] = {
    {"get", -3, get}, {"set", -4, set}, {"resetstat", 2, resetstat}, {"rewrite", 2, rewrite}};

void config(command_call& call) {
  run_subcommand(call, "config", config_rows);
}

constexpr command_row rows[] = {{"config", -2, run_rule::any, "admin noscript loading stale", config}};

} // namespace

std::span<const command_row> config_commands() {
  return rows;
}

} // namespace argentum::net
