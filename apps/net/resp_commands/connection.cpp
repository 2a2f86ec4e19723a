// SPDX-License-Identifier: Apache-2.0
// Commands about the connection itself, with the texts of Redis 7.0.
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
  use_instance(call.client, static_cast<std::size_t>(number));
  call.reply().simple("OK");
}

bool is_name(std::string_view name) {
  return name.size() <= limits::client_name_max
         && std::all_of(name.begin(), name.end(), [](char c) { return c >= '!' && c <= '~'; });
}

bool check_name(command_call& call, std::string_view name) {
  if (is_name(name)) return true;
  call.fail("ERR Client names cannot contain spaces, newlines or special characters.");
  return false;
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
      if (!check_name(call, *name)) return;
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

void client_setname(command_call& call) {
  if (!check_name(call, call.args[2])) return;
  call.client.card->name.set(std::string{call.args[2]});
  call.reply().simple("OK");
}

void client_getname(command_call& call) {
  auto name = call.client.card->name.value();
  name.empty() ? call.reply().null() : call.reply().bulk(name);
}

void client_setinfo(command_call& call) {
  auto* card = call.client.card.get();
  auto* field = equal_nocase(call.args[2], "lib-name")  ? &card->library
                : equal_nocase(call.args[2], "lib-ver") ? &card->library_version
                                                        : nullptr;
  if (field == nullptr) return call.fail(fmt::format("ERR Unrecognized option '{}'", call.args[2].substr(0, 128)));
  if (!is_name(call.args[3]))
    return call.fail(
        fmt::format("ERR {} cannot contain spaces, newlines or special characters.", lower(call.args[2])));
  field->set(std::string{call.args[3]});
  call.reply().simple("OK");
}

void client_id(command_call& call) {
  call.reply().integer(static_cast<std::int64_t>(call.client.card->id));
}

void client_info(command_call& call) {
  call.reply().text(client_line(*call.client.card) + "\n");
}

void client_list(command_call& call) {
  if (call.args.size() > 2) return call.fail("ERR syntax error");
  std::string lines;
  for (const auto& each : call.server.clients.all()) lines += client_line(*each) + "\n";
  call.reply().text(lines);
}

/// NO-EVICT and NO-TOUCH: nothing here evicts clients, nor does a client keep keys warm on its own.
void client_switch(command_call& call) {
  if (!equal_nocase(call.args[2], "on") && !equal_nocase(call.args[2], "off")) return call.fail("ERR syntax error");
  call.reply().simple("OK");
}

constexpr subcommand_row client_rows[] = {
    {"id", 2, client_id},           {"getname", 2, client_getname}, {"setname", 3, client_setname},
    {"setinfo", 4, client_setinfo}, {"info", 2, client_info},       {"list", -2, client_list},
    {"no-evict", 3, client_switch}, {"no-touch", 3, client_switch},
};

void client(command_call& call) {
  run_subcommand(call, "client", client_rows);
}

constexpr command_row rows[] = {
    {"ping", -1, run_rule::any, "fast", ping},
    {"echo", 2, run_rule::any, "fast", echo},
    {"select", 2, run_rule::any, "loading stale fast", select},
    {"auth", -2, run_rule::any, "noscript loading stale fast no_auth", auth},
    {"hello", -1, run_rule::alone, "noscript loading stale fast no_auth", hello},
    {"client", -2, run_rule::any, "noscript loading stale", client},
    {"quit", -1, run_rule::any, "loading stale fast no_auth", quit},
    {"reset", 1, run_rule::alone, "noscript loading stale fast no_auth", reset},
    {"post", -1, run_rule::any, "hidden", hang_up},
    {"host:", -1, run_rule::any, "hidden", hang_up},
};

} // namespace

std::span<const command_row> connection_commands() {
  return rows;
}

} // namespace argentum::net
