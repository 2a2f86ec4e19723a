// SPDX-License-Identifier: Apache-2.0
#include "apps/config/toml_section.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace argentum::app {

namespace {

/// The value as it would stand in the file, short enough for one line.
std::string shown(const toml::node& node) {
  if (node.is_table()) return "a table";
  if (node.is_array()) return "an array";
  std::ostringstream out;
  node.visit([&](auto& n) { out << toml::toml_formatter{n, toml::format_flags::none}; });
  auto text = out.str();
  std::replace(text.begin(), text.end(), '\n', ' ');
  if (text.size() > 60) text.replace(57, std::string::npos, "...");
  return text;
}

} // namespace

unsigned line_of(const toml::node& node) noexcept {
  return node.source().begin.line;
}

toml_section::toml_section(const toml::table& table, std::string path, config_report& report)
    : table_(table), path_(std::move(path)), report_(report) {
  if (line_of(table_) == 0) return; // not in the file
  report_.found(path_, line_of(table_));
  for (auto&& [key, value] : table_) report_.found(fmt::format("{}.{}", path_, key.str()), key.source().begin.line);
}

const toml::node* toml_section::find(const char* key) {
  known_.insert(key);
  return table_.get(key);
}

void toml_section::wrong(const toml::node& at, const char* key, const std::string& expected) {
  report_.add(line_of(at), fmt::format("{} = {} is wrong; expected {}", key, shown(at), expected));
}

void toml_section::text(const char* key, std::string& into) {
  auto* node = find(key);
  if (node == nullptr) return;
  if (auto value = node->value_exact<std::string>())
    into = *value;
  else
    wrong(*node, key, "a text in quotes");
}

void toml_section::flag(const char* key, bool& into) {
  auto* node = find(key);
  if (node == nullptr) return;
  if (auto value = node->value_exact<bool>())
    into = *value;
  else
    wrong(*node, key, "true or false");
}

void toml_section::texts(const char* key, std::vector<std::string>& into) {
  auto* node = find(key);
  if (node == nullptr) return;
  auto* array = node->as_array();
  if (array == nullptr) return wrong(*node, key, "a list of texts, as [\"a\", \"b\"]");
  std::vector<std::string> all;
  for (auto& element : *array) {
    auto value = element.value_exact<std::string>();
    if (!value) return wrong(element, key, "texts only in this list");
    all.push_back(*value);
  }
  into = std::move(all);
}

void toml_section::size(const char* key, std::uint64_t& into, std::uint64_t min, std::uint64_t max) {
  auto* node = find(key);
  if (node == nullptr) return;
  std::optional<std::uint64_t> bytes;
  if (auto number = node->value_exact<std::int64_t>(); number && *number >= 0)
    bytes = static_cast<std::uint64_t>(*number);
  else if (auto written = node->value_exact<std::string>())
    bytes = parse_size(*written);
  if (!bytes) return wrong(*node, key, "bytes, as 1048576 or \"1MiB\" (B, KiB, MiB, GiB, TiB)");
  if (*bytes < min || *bytes > max) return wrong(*node, key, fmt::format("{} to {} bytes", min, max));
  into = *bytes;
}

void toml_section::integer(const char* key, std::uint64_t& into, std::uint64_t min, std::uint64_t max) {
  auto* node = find(key);
  if (node == nullptr) return;
  auto number = node->value_exact<std::int64_t>();
  if (!number || *number < 0 || static_cast<std::uint64_t>(*number) < min
      || static_cast<std::uint64_t>(*number) > max)
    return wrong(*node, key, fmt::format("a number from {} to {}", min, max));
  into = static_cast<std::uint64_t>(*number);
}

void toml_section::number(const char* key, double& into, double min, double max) {
  auto* node = find(key);
  if (node == nullptr) return;
  auto number = node->value<double>();
  if (!node->is_number() || !number || !(*number >= min && *number <= max))
    return wrong(*node, key, fmt::format("a number from {} to {}", min, max));
  into = *number;
}

void toml_section::numbers(const char* key, std::vector<double>& into, std::size_t count) {
  auto* node = find(key);
  if (node == nullptr) return;
  auto* array = node->as_array();
  std::vector<double> all;
  for (std::size_t n = 0; array != nullptr && n < array->size(); ++n)
    if (auto number = (*array)[n].value<double>(); number && (*array)[n].is_number() && std::isfinite(*number))
      all.push_back(*number);
  if (array == nullptr || array->size() != count || all.size() != count)
    return wrong(*node, key, fmt::format("a list of {} numbers", count));
  into = std::move(all);
}

void toml_section::duration(const char* key, std::chrono::milliseconds& into) {
  auto* node = find(key);
  if (node == nullptr) return;
  auto written = node->value_exact<std::string>();
  auto parsed = written ? parse_duration(*written) : std::nullopt;
  if (!parsed) return wrong(*node, key, "a duration, as \"30s\" (ms, s, m, h, d, w)");
  into = *parsed;
}

void toml_section::space(const char* key, std::optional<space_amount>& into, bool free_only) {
  auto* node = find(key);
  if (node == nullptr) return;
  auto written = node->value_exact<std::string>();
  auto parsed = written ? parse_space(*written) : std::nullopt;
  if (!parsed || (free_only && !parsed->free))
    return wrong(*node, key,
                 free_only ? "what stays free, as \"10GiB free\" or \"20% free\""
                           : "what may be taken, as \"5GiB\", or stays free, as \"10GiB free\" or \"20% free\"");
  into = *parsed;
}

std::optional<std::string> toml_section::choose(const char* key, const std::vector<std::string>& names) {
  auto* node = find(key);
  if (node == nullptr) return {};
  auto value = node->value_exact<std::string>();
  if (value && std::find(names.begin(), names.end(), *value) != names.end()) return value;
  wrong(*node, key, fmt::format("\"{}\"", fmt::join(names, "\" or \"")));
  return {};
}

std::vector<std::string> toml_section::keys() const {
  std::vector<std::string> all;
  for (auto&& [key, value] : table_) all.emplace_back(key.str());
  return all;
}

toml_section toml_section::table(const char* key) {
  static const toml::table nothing;
  auto* node = find(key);
  auto* found = node == nullptr ? nullptr : node->as_table();
  if (node != nullptr && found == nullptr) wrong(*node, key, "a table");
  return {found == nullptr ? nothing : *found, fmt::format("{}.{}", path_, key), report_};
}

void toml_section::refuse_unknown() {
  for (auto&& [key, value] : table_) {
    if (known_.count(key.str()) != 0) continue;
    report_.add(key.source().begin.line, fmt::format("unknown key {} in [{}]; expected one of {}", key.str(), path_,
                                                     fmt::join(known_, ", ")));
  }
}

} // namespace argentum::app
