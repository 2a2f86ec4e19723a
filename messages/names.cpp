// SPDX-License-Identifier: Apache-2.0
#include "messages/names.hpp"

#include "messages/limits.hpp"

#include <algorithm>

namespace argentum {

bool is_name(std::string_view text) noexcept {
  if (text.empty() || text.size() > limits::name_bytes_max || text.front() == '.') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.'
           || c == '-';
  });
}

std::string printable(std::string_view text) {
  std::string out{text};
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return out;
}

} // namespace argentum
