// SPDX-License-Identifier: Apache-2.0
#include "messages/integer_text.hpp"

#include <charconv>

namespace argentum {

std::optional<std::int64_t> parse_integer(std::string_view text) noexcept {
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool leading_zero = text.size() > 1 && (text[0] == '0' || text.starts_with("-0"));
  if (error != std::errc{} || end != text.data() + text.size() || leading_zero) return {};
  return value;
}

} // namespace argentum
