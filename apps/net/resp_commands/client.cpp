// SPDX-License-Identifier: Apache-2.0
// CLIENT: what this connection and the others are, with the texts of Redis 7.0.
#include "apps/net/resp_commands/client_names.hpp"
#include "apps/net/resp_commands/groups.hpp"
#include "messages/integer_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace argentum::net {

bool is_client_name(std::string_view name) {
  return name.size() <= limits::client_name_max
         && std::all_of(name.begin(), name.end(), [](char c) { return c >= '!' && c <= '~'; });
}

bool check_client_name(command_call& call, std::string_view name) {
  if (is_client_name(name)) return true;
  call.fail("ERR Client names cannot contain spaces, newlines or special characters.");
  return false;
}

namespace {

void client_setname(command_call& call) {
  if (!check_client_name(call, call.args[2])) return;
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
  if (!is_client_name(call.args[3]))
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

/// CLIENT LIST, some lines a turn.
class client_lines {
 public:
  explicit client_lines(std::vector<std::shared_ptr<const client_card>> cards) : cards_(std::move(cards)) {}

  /// True when it has answered.
  bool next(command_call& call) {
    auto end = std::min(cards_.size(), done_ + limits::turn_work_max);
    for (; done_ < end; ++done_) text_ += client_line(*cards_[done_]) + "\n";
    if (done_ < cards_.size()) return false;
    call.reply().text(text_);
    return true;
  }

 private:
  std::vector<std::shared_ptr<const client_card>> cards_;
  std::size_t done_ = 0;
  std::string text_;
};

/// CLIENT LIST [TYPE type] [ID id ...]: all clients are normal ones.
void client_list(command_call& call) {
  auto rest = call.args.subspan(2);
  std::set<std::int64_t> ids;
  bool none = false;
  if (rest.size() == 2 && equal_nocase(rest[0], "type")) {
    constexpr std::array types{"normal", "master", "replica", "slave", "pubsub"};
    auto type = std::find_if(types.begin(), types.end(), [&](auto* each) { return equal_nocase(each, rest[1]); });
    if (type == types.end()) return call.fail(fmt::format("ERR Unknown client type '{}'", rest[1]));
    none = type != types.begin();
  } else if (rest.size() >= 2 && equal_nocase(rest[0], "id")) {
    for (auto text : rest.subspan(1)) {
      auto id = parse_integer(text);
      if (!id || *id < 1) return call.fail("ERR Invalid client ID");
      ids.insert(*id);
    }
  } else if (!rest.empty()) {
    return call.fail("ERR syntax error");
  }
  auto cards = call.server.clients.all();
  std::erase_if(cards, [&](const auto& each) {
    return none || (!ids.empty() && !ids.contains(static_cast<std::int64_t>(each->id)));
  });
  auto lines = std::make_shared<client_lines>(std::move(cards));
  command_rest parts = [lines](command_call& now) { return lines->next(now); };
  if (!parts(call)) call.rest = std::move(parts);
}

/// The own connection is closed after the reply.
void close_client(command_call& call, const client_card& card) {
  if (card.id == call.client.card->id)
    call.client.close = true;
  else
    card.close();
}

/// CLIENT KILL address, as old clients say it.
void kill_by_address(command_call& call) {
  for (const auto& each : call.server.clients.all()) {
    if (each->address != call.args[2]) continue;
    close_client(call, *each);
    return call.reply().simple("OK");
  }
  call.fail("ERR No such client");
}

/// What CLIENT KILL is to close: all that are given must fit.
struct kill_filter {
  std::int64_t id = 0;
  std::string_view address;
  std::string_view local_address;
  bool skip_me = true;

  bool fits(const client_card& card, const client_card& mine) const {
    return (id == 0 || card.id == static_cast<std::uint64_t>(id)) && (address.empty() || card.address == address)
           && (local_address.empty() || card.local_address == local_address) && (!skip_me || card.id != mine.id);
  }
};

bool parse_kill(command_call& call, kill_filter& filter) {
  for (std::size_t i = 2; i < call.args.size(); i += 2) {
    auto value = i + 1 < call.args.size() ? call.args[i + 1] : std::string_view{};
    bool valued = i + 1 < call.args.size();
    if (valued && equal_nocase(call.args[i], "id")) {
      filter.id = parse_integer(value).value_or(0);
      if (filter.id < 1) {
        call.fail("ERR client-id should be greater than 0");
        return false;
      }
    } else if (valued && equal_nocase(call.args[i], "addr")) {
      filter.address = value;
    } else if (valued && equal_nocase(call.args[i], "laddr")) {
      filter.local_address = value;
    } else if (valued && equal_nocase(call.args[i], "skipme")
               && (equal_nocase(value, "yes") || equal_nocase(value, "no"))) {
      filter.skip_me = equal_nocase(value, "yes");
    } else {
      call.fail("ERR syntax error");
      return false;
    }
  }
  return true;
}

void client_kill(command_call& call) {
  if (call.args.size() == 3) return kill_by_address(call);
  kill_filter filter;
  if (!parse_kill(call, filter)) return;
  std::int64_t closed = 0;
  for (const auto& each : call.server.clients.all()) {
    if (!filter.fits(*each, *call.client.card)) continue;
    close_client(call, *each);
    ++closed;
  }
  call.reply().integer(closed);
}

/// Replies cannot be turned off: every command of a pipeline is answered.
void client_reply(command_call& call) {
  if (equal_nocase(call.args[2], "on")) return call.reply().simple("OK");
  if (!equal_nocase(call.args[2], "off") && !equal_nocase(call.args[2], "skip"))
    return call.fail("ERR syntax error");
  call.fail("ERR CLIENT REPLY OFF and SKIP are not supported");
}

/// No client follows invalidations.
void client_getredir(command_call& call) {
  call.reply().integer(-1);
}

/// NO-EVICT and NO-TOUCH: nothing here evicts clients, nor does a client keep keys warm on its own.
void client_switch(command_call& call) {
  if (!equal_nocase(call.args[2], "on") && !equal_nocase(call.args[2], "off")) return call.fail("ERR syntax error");
  call.reply().simple("OK");
}

constexpr subcommand_row client_rows[] = {
    {"id", 2, client_id},       {"getname", 2, client_getname},   {"setname", 3, client_setname},
    {"info", 2, client_info},   {"setinfo", 4, client_setinfo},   {"list", -2, client_list},
    {"kill", -3, client_kill},  {"no-evict", 3, client_switch},   {"no-touch", 3, client_switch},
    {"reply", 3, client_reply}, {"getredir", 2, client_getredir},
};

void client(command_call& call) {
  run_subcommand(call, "client", client_rows);
}

constexpr command_row rows[] = {{"client", -2, run_rule::any, "noscript loading stale", client}};

} // namespace

std::span<const command_row> client_group() {
  return rows;
}

} // namespace argentum::net
