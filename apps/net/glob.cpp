// SPDX-License-Identifier: Apache-2.0
#include "apps/net/glob.hpp"

#include <algorithm>
#include <optional>

namespace argentum::net {

namespace {

/// Matches `c` against the class that starts behind '[' and moves `at` behind its ']' (or to the pattern's end,
/// which closes it too, as in Redis).
bool class_match(std::string_view pattern, std::size_t& at, unsigned char c) noexcept {
  bool negated = at < pattern.size() && pattern[at] == '^';
  if (negated) ++at;
  bool matched = false;
  while (at < pattern.size() && pattern[at] != ']') {
    if (pattern[at] == '\\' && at + 1 < pattern.size()) {
      matched |= static_cast<unsigned char>(pattern[at + 1]) == c;
      at += 2;
    } else if (at + 2 < pattern.size() && pattern[at + 1] == '-') {
      auto low = static_cast<unsigned char>(pattern[at]);
      auto high = static_cast<unsigned char>(pattern[at + 2]);
      matched |= c >= std::min(low, high) && c <= std::max(low, high);
      at += 3;
    } else {
      matched |= static_cast<unsigned char>(pattern[at]) == c;
      ++at;
    }
  }
  if (at < pattern.size()) ++at;
  return matched != negated;
}

/// Matches one character by the pattern element at `at`, which it moves on; a star is not its business.
bool element_match(std::string_view pattern, std::size_t& at, char c) noexcept {
  switch (pattern[at]) {
  case '?': ++at; return true;
  case '[': return class_match(pattern, ++at, static_cast<unsigned char>(c));
  case '\\':
    if (at + 1 < pattern.size()) ++at;
    [[fallthrough]];
  default: return pattern[at++] == c;
  }
}

} // namespace

bool glob_match(std::string_view pattern, std::string_view text) noexcept {
  std::size_t p = 0;
  std::size_t t = 0;
  std::optional<std::size_t> star; // pattern position behind the last star seen
  std::size_t star_text = 0;       // text position where that star currently ends
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      star_text = t;
    } else if (p < pattern.size() && element_match(pattern, p, text[t])) {
      ++t;
    } else if (star) {
      p = *star;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::string literal_prefix(std::string_view pattern) {
  std::string prefix;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    if (c == '*' || c == '?' || c == '[') break;
    if (c == '\\' && i + 1 < pattern.size()) c = pattern[++i];
    prefix += c;
  }
  return prefix;
}

} // namespace argentum::net
