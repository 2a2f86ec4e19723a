// SPDX-License-Identifier: Apache-2.0
#include "apps/net/command.hpp"

#include "messages/integer_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace argentum::net {

namespace {

/// Redis echoes this much of an unknown command and of its arguments.
constexpr std::size_t echoed_bytes_max = 128;

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// As C's "%.128s": cut at the first NUL too.
std::string_view printable(std::string_view text, std::size_t bytes_max) {
  return text.substr(0, std::min(text.find('\0'), bytes_max));
}

void fail_unknown(command_call& call) {
  std::string echoed;
  for (auto arg : call.args.subspan(1)) {
    if (echoed.size() >= echoed_bytes_max) break;
    echoed += fmt::format("'{}' ", printable(arg, echoed_bytes_max - echoed.size()));
  }
  call.fail(fmt::format("ERR unknown command '{}', with args beginning with: {}",
                        printable(call.args[0], echoed_bytes_max), echoed));
}

} // namespace

bool arity_fits(int arity, std::size_t count) noexcept {
  return arity >= 0 ? count == static_cast<std::size_t>(arity) : count >= static_cast<std::size_t>(-arity);
}

command_table::command_table(const std::vector<std::span<const command_row>>& groups) {
  for (auto group : groups)
    for (const auto& row : group) {
      rows_.push_back(&row);
      by_name_.emplace(row.name, &row);
    }
  std::sort(rows_.begin(), rows_.end(), [](auto* a, auto* b) { return a->name < b->name; });
}

const command_row* command_table::find(std::string_view name) const {
  char buffer[32];
  if (name.size() > sizeof buffer) return nullptr;
  std::transform(name.begin(), name.end(), buffer, [](char c) { return lower(c); });
  auto found = by_name_.find(std::string_view{buffer, name.size()});
  return found == by_name_.end() ? nullptr : found->second;
}

const std::shared_ptr<const storage::read_view>& turn_views::of(const actors::instance_handle& instance,
                                                                std::size_t number) {
  if (!view_ || number_ != number) {
    view_ = instance.view->load();
    number_ = number;
  }
  return view_;
}

void command_call::fail_arity(std::string_view name) {
  fail(fmt::format("ERR wrong number of arguments for '{}' command", name));
}

index_t last_write(const command_call& call) {
  const auto& writes = call.client.last_write;
  return call.client.instance < writes.size() ? writes[call.client.instance] : 0;
}

namespace {

bool fail_if_unfit(const command_row* row, command_call& call) {
  if (row == nullptr)
    fail_unknown(call);
  else if (!arity_fits(row->arity, call.args.size()))
    call.fail_arity(row->name);
  else
    return row->run == nullptr && !call.check_writable();
  return true;
}

/// Takes the command apart on a queue of its own: what it says now is said at EXEC.
planned_command plan_apart(const command_row& row, command_call& call) {
  reply_queue apart;
  command_call inner{call.args,  call.client, call.server, call.counts,   call.scratch, apart,
                     call.views, call.inbox,  call.writes, call.accesses, call.rest};
  planned_command plan;
  if (!row.plan(inner, plan)) plan = {{}, {}, std::move(apart.tail()), nullptr};
  return plan;
}

/// Runs `then(call, plan)` when all of the plan's ops are there: now, or some turns later.
template <class F>
void when_complete(command_call& call, planned_command plan, F then) {
  if (plan.copy_more == nullptr || !plan.copy_more(call.args, plan)) return then(call, std::move(plan));
  command_rest rest = [then, all = std::make_shared<planned_command>(std::move(plan))](command_call& now) {
    if (all->copy_more(now.args, *all)) return false;
    then(now, std::move(*all));
    return true;
  };
  call.rest = std::move(rest);
}

void queue_command(const command_row* row, transaction& multi, command_call& call) {
  if (fail_if_unfit(row, call)) return multi.spoil();
  if (row->runs_in_multi) return row->run(call);
  if (row->plan == nullptr) {
    multi.spoil();
    return call.fail(fmt::format(
        "ERR '{}' is not allowed inside MULTI: a transaction reads and writes keys by name", row->name));
  }
  when_complete(call, plan_apart(*row, call), queue_planned);
}

/// Hands the ops to the sequencer.
void send_planned(command_call& call, planned_command plan) {
  std::size_t bytes = 0;
  for (const auto& op : plan.ops) bytes += payload_bytes(op);
  auto ops = std::exchange(plan.ops, {});
  auto reply = call.later<write_result>(
      wait_kind::write,
      [number = call.client.instance, plan = std::move(plan)](client_state& client, resp_writer& out,
                                                              caf::expected<write_result>& answer) {
        if (!answer) return out.error(write_error_text(answer.error()));
        note_write(client, number, answer->index);
        write_reply(plan, answer->answers, out);
      },
      bytes);
  call.writes.send(call.instance().sequencer, {std::move(ops), std::move(reply)});
}

} // namespace

void queue_planned(command_call& call, planned_command plan) {
  auto& multi = *call.client.multi;
  if (multi.add(std::move(plan))) {
    call.client.card->multi = static_cast<int>(multi.size());
    return call.reply().simple("QUEUED");
  }
  multi.spoil();
  call.fail(fmt::format("ERR the transaction is too large: at most {} commands, {} keys and {} bytes",
                        limits::transaction_commands_max, limits::entry_mutations_max, limits::entry_bytes_max));
}

void run_command(const command_row* row, command_call& call) {
  ++call.counts.commands;
  if (call.client.multi) return queue_command(row, *call.client.multi, call);
  if (fail_if_unfit(row, call)) return;
  if (row->run != nullptr) return row->run(call);
  planned_command plan;
  if (row->plan(call, plan)) when_complete(call, std::move(plan), send_planned);
}

bool command_call::check_writable() {
  if (instance().sequencer) return true;
  const auto& root = server.config.root_name;
  fail(fmt::format("READONLY You can't write against a read only replica; the root of {} is {}.", instance().name,
                   root.empty() ? "unknown" : root));
  return false;
}

void note_write(client_state& client, std::size_t instance, index_t index) {
  if (client.last_write.size() <= instance) client.last_write.resize(instance + 1);
  client.last_write[instance] = index;
}

namespace {

std::string upper(std::string_view text) {
  std::string out{text};
  for (auto& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

void list_subcommands(command_call& call, std::string_view command, std::span<const subcommand_row> rows) {
  auto out = call.reply();
  out.array(rows.size() + 2);
  out.simple(fmt::format("{} <subcommand> [<arg> ...]. Subcommands are:", upper(command)));
  for (const auto& each : rows) out.simple(upper(each.name));
  out.simple("HELP");
}

} // namespace

void run_subcommand(command_call& call, std::string_view command, std::span<const subcommand_row> rows) {
  for (const auto& row : rows) {
    if (!equal_nocase(row.name, call.args[1])) continue;
    if (!arity_fits(row.arity, call.args.size())) return call.fail_arity(fmt::format("{}|{}", command, row.name));
    return row.run(call);
  }
  if (call.args.size() == 2 && equal_nocase(call.args[1], "help")) return list_subcommands(call, command, rows);
  call.fail(fmt::format("ERR unknown subcommand '{}'. Try {} HELP.", printable(call.args[1], echoed_bytes_max),
                        upper(command)));
}

bool equal_nocase(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (auto& c : out) c = lower(c);
  return out;
}

bool read_integer(command_call& call, std::string_view text, std::int64_t& value) {
  if (auto read = parse_integer(text)) {
    value = *read;
    return true;
  }
  call.fail("ERR value is not an integer or out of range");
  return false;
}

std::string read_error_text(const caf::error& error) {
  switch (code_of(error)) {
  case errc::no_replica:
  case errc::timed_out:
  case errc::unavailable: return "TRYAGAIN no replica could answer in time";
  case errc::overloaded:
  case errc::busy: return "TRYAGAIN too many reads are waiting for replicas";
  case errc::too_large:
    return fmt::format("ERR the values asked for are larger than {} bytes together", limits::multi_read_bytes_max);
  default: return "ERR storage: " + describe(error);
  }
}

std::string write_error_text(const caf::error& error) {
  switch (code_of(error)) {
  case errc::overloaded:
  case errc::busy: return "TRYAGAIN too many writes are waiting";
  case errc::unavailable:
  case errc::timed_out: return "ERR the write was not confirmed; it may have been applied or not";
  case errc::too_large: return "ERR the write is too large";
  default: return "ERR storage: " + describe(error);
  }
}

} // namespace argentum::net
