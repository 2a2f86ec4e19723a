// SPDX-License-Identifier: Apache-2.0
#include "apps/config/units.hpp"

#include <CLI/CLI.hpp>

#include <charconv>
#include <map>
#include <string_view>

namespace argentum::app {

namespace {

using units = std::map<std::string, std::uint64_t>;
using CLI::AsNumberWithUnit;

/// CLI11's validator turns "2KiB" into "2048" and says what is wrong otherwise; "+2", "0x2" and the like, which it
/// also takes, are not for a config.
std::optional<std::uint64_t> parse(const AsNumberWithUnit& with_unit, std::string text) {
  auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.empty() || !digit(text.front())) return {};
  if (text.size() > 1 && text.front() == '0' && (digit(text[1]) || text[1] == 'x' || text[1] == 'X')) return {};
  try {
    with_unit(text);
  } catch (const CLI::ValidationError&) {
    return {};
  }
  std::uint64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return number;
}

} // namespace

std::optional<std::uint64_t> parse_size(const std::string& text) {
  static const AsNumberWithUnit with_unit{
      units{{"B", 1}, {"KiB", 1ull << 10}, {"MiB", 1ull << 20}, {"GiB", 1ull << 30}, {"TiB", 1ull << 40}},
      AsNumberWithUnit::CASE_SENSITIVE};
  return parse(with_unit, text);
}

std::optional<std::chrono::milliseconds> parse_duration(const std::string& text) {
  static const AsNumberWithUnit with_unit{
      units{{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}, {"w", 604'800'000}},
      AsNumberWithUnit::UNIT_REQUIRED};
  constexpr std::uint64_t century = 36'525ull * 86'400'000;
  auto number = parse(with_unit, text);
  if (!number || *number > century) return {};
  return std::chrono::milliseconds{*number};
}

std::optional<space_amount> parse_space(const std::string& text) {
  constexpr std::string_view free_word = " free";
  std::string_view number = text;
  space_amount out;
  out.free = number.ends_with(free_word);
  if (out.free) number.remove_suffix(free_word.size());
  out.percent = number.ends_with('%');
  if (out.percent) number.remove_suffix(1);
  bool has_unit = number.find_first_not_of("0123456789") != std::string_view::npos;
  auto amount = parse_size(std::string{number});
  if (!amount || (out.percent && (!out.free || has_unit || *amount > 99))) return {};
  out.amount = *amount;
  return out;
}

} // namespace argentum::app
