// SPDX-License-Identifier: Apache-2.0
// Commands about the connection itself, with the texts of Redis 7.0.
#include "apps/net/resp_commands/client_names.hpp"
#include "apps/net/resp_commands/groups.hpp"
#include "apps/net/resp_commands/redis_version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace argentum::net {

namespace {

void ping(command_call& call) {
  if (call.args.size() > 2) return call.fail_arity("ping");
  if (call.args.size() == 2) return call.reply().bulk(call.args[1]);
  call.reply().simple("PONG");
}

void echo(command_call& call) {
  call.reply().bulk(call.args[1]);
}

void use_instance(client_state& client, std::size_t number) {
  client.instance = number;
  client.card->instance = static_cast<unsigned>(number);
}

void use_protocol(client_state& client, int protocol) {
  client.protocol = protocol;
  client.card->protocol = protocol;
}

/// A transaction is one entry, and so of one instance.
void select_in_multi(command_call& call, bool same) {
  if (same) return queue_planned(call, {{}, {}, "+OK\r\n"});
  call.client.multi->spoil();
  call.fail("ERR SELECT of another instance is not allowed inside MULTI: a transaction is of one instance");
}

void select(command_call& call) {
  auto text = call.args[1];
  const auto& instances = call.server.instances();
  std::int64_t number = -1;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size()) {
    if (number < 0 || static_cast<std::size_t>(number) >= instances.size())
      return call.fail("ERR DB index is out of range");
  } else {
    auto named =
        std::find_if(instances.begin(), instances.end(), [&](const auto& each) { return each.name == text; });
    if (named == instances.end()) return call.fail("ERR no instance has this name or number");
    number = named - instances.begin();
  }
  auto chosen = static_cast<std::size_t>(number);
  if (call.client.multi) return select_in_multi(call, chosen == call.client.instance);
  use_instance(call.client, chosen);
  call.reply().simple("OK");
}

/// There are no users yet: like a Redis without passwords, "default" gets in with any.
bool check_user(command_call& call, std::string_view user) {
  if (user == "default") return true;
  call.fail("WRONGPASS invalid username-password pair or user is disabled.");
  return false;
}

void auth(command_call& call) {
  if (call.args.size() > 3) return call.fail("ERR syntax error");
  if (call.args.size() == 2)
    return call.fail(
        "ERR AUTH <password> called without any password configured for the default user. Are you sure "
        "your configuration is correct?");
  if (check_user(call, call.args[1])) call.reply().simple("OK");
}

void write_hello(command_call& call) {
  auto out = call.reply();
  out.map(7);
  out.bulk("server");
  out.bulk("argentum");
  out.bulk("version");
  out.bulk(redis_version);
  out.bulk("proto");
  out.integer(call.client.protocol);
  out.bulk("id");
  out.integer(static_cast<std::int64_t>(call.client.card->id));
  out.bulk("mode");
  out.bulk("standalone");
  out.bulk("role");
  out.bulk(call.server.config.role == node_role::root ? "master" : "replica");
  out.bulk("modules");
  out.array(0);
}

void hello(command_call& call) {
  auto protocol = call.client.protocol;
  if (call.args.size() > 1) {
    auto text = call.args[1];
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), protocol);
    if (error != std::errc{} || end != text.data() + text.size())
      return call.fail("ERR Protocol version is not an integer or out of range");
    if (protocol != 2 && protocol != 3) return call.fail("NOPROTO unsupported protocol version");
  }
  std::optional<std::string_view> name;
  for (std::size_t i = 2; i < call.args.size();) {
    auto left = call.args.size() - i - 1;
    if (equal_nocase(call.args[i], "auth") && left >= 2) {
      if (!check_user(call, call.args[i + 1])) return;
      i += 3;
    } else if (equal_nocase(call.args[i], "setname") && left >= 1) {
      name = call.args[i + 1];
      if (!check_client_name(call, *name)) return;
      i += 2;
    } else {
      return call.fail(fmt::format("ERR Syntax error in HELLO option '{}'", call.args[i].substr(0, 128)));
    }
  }
  use_protocol(call.client, protocol);
  if (name) call.client.card->name.set(std::string{*name});
  write_hello(call);
}

void quit(command_call& call) {
  call.reply().simple("OK");
  call.client.close = true;
}

void reset(command_call& call) {
  end_transaction(call.client);
  use_protocol(call.client, 2);
  use_instance(call.client, 0);
  call.client.last_write.clear();
  call.client.card->name.set({});
  call.reply().simple("RESET");
}

/// What a browser sends that a malicious page has pointed at this port: hang up, as Redis does.
void hang_up(command_call& call) {
  call.client.close = true;
}

bool plan_ping(command_call& call, planned_command&) {
  ping(call);
  return false;
}

bool plan_echo(command_call& call, planned_command&) {
  echo(call);
  return false;
}

constexpr command_row rows[] = {
    {"ping", -1, run_rule::any, "fast", ping, 0, 0, 0, plan_ping},
    {"echo", 2, run_rule::any, "fast", echo, 0, 0, 0, plan_echo},
    {"select", 2, run_rule::any, "loading stale fast", select, 0, 0, 0, nullptr, true},
    {"auth", -2, run_rule::any, "noscript loading stale fast no_auth", auth},
    {"hello", -1, run_rule::alone, "noscript loading stale fast no_auth", hello},
    {"quit", -1, run_rule::any, "loading stale fast no_auth", quit, 0, 0, 0, nullptr, true},
    {"reset", 1, run_rule::alone, "noscript loading stale fast no_auth", reset, 0, 0, 0, nullptr, true},
    {"post", -1, run_rule::any, "hidden", hang_up, 0, 0, 0, nullptr, true},
    {"host:", -1, run_rule::any, "hidden", hang_up, 0, 0, 0, nullptr, true},
};

} // namespace

std::span<const command_row> connection_commands() {
  return rows;
}

} // namespace argentum::net
