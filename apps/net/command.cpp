// SPDX-License-Identifier: Apache-2.0
#include "apps/net/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

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

bool arity_fits(int arity, std::size_t count) {
  return arity >= 0 ? count == static_cast<std::size_t>(arity) : count >= static_cast<std::size_t>(-arity);
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

command_table::command_table(std::initializer_list<std::span<const command_row>> groups) {
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

const storage::read_view& turn_views::of(const actors::instance_handle& instance, std::size_t number) {
  if (!view_ || number_ != number) {
    view_ = instance.view->load();
    number_ = number;
  }
  return *view_;
}

void command_call::fail_arity(std::string_view name) {
  fail(fmt::format("ERR wrong number of arguments for '{}' command", name));
}

void run_command(const command_row* row, command_call& call) {
  ++call.counts.commands;
  if (row == nullptr) return fail_unknown(call);
  if (!arity_fits(row->arity, call.args.size())) return call.fail_arity(row->name);
  row->run(call);
}

void run_subcommand(command_call& call, std::string_view command, std::span<const subcommand_row> rows) {
  for (const auto& row : rows) {
    if (!equal_nocase(row.name, call.args[1])) continue;
    if (!arity_fits(row.arity, call.args.size())) return call.fail_arity(fmt::format("{}|{}", command, row.name));
    return row.run(call);
  }
  std::string upper{command};
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  call.fail(
      fmt::format("ERR unknown subcommand '{}'. Try {} HELP.", printable(call.args[1], echoed_bytes_max), upper));
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
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool leading_zero = text.size() > 1 && (text[0] == '0' || text.starts_with("-0"));
  if (error == std::errc{} && end == text.data() + text.size() && !leading_zero) return true;
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
