// SPDX-License-Identifier: Apache-2.0
// The words of an inline command: what a person types through telnet.
#include "apps/net/resp_parser.hpp"

namespace argentum::net {

namespace {

/// White space of C's isspace in the "C" locale, which Redis uses.
bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

char unescape(char c) {
  switch (c) {
  case 'n': return '\n';
  case 'r': return '\r';
  case 't': return '\t';
  case 'b': return '\b';
  case 'a': return '\a';
  default: return c;
  }
}

/// Reads a word in double quotes, `at` behind the first of them; leaves `at` behind the closing one.
bool read_double_quoted(std::string_view line, std::size_t& at, std::string& word) {
  while (at < line.size()) {
    char c = line[at++];
    if (c == '"') return at == line.size() || is_space(line[at]);
    if (c != '\\' || at == line.size()) {
      word += c;
    } else if (line[at] == 'x' && at + 2 < line.size() && hex_digit(line[at + 1]) >= 0
               && hex_digit(line[at + 2]) >= 0) {
      word += static_cast<char>(hex_digit(line[at + 1]) * 16 + hex_digit(line[at + 2]));
      at += 3;
    } else {
      word += unescape(line[at++]);
    }
  }
  return false;
}

bool read_single_quoted(std::string_view line, std::size_t& at, std::string& word) {
  while (at < line.size()) {
    char c = line[at++];
    if (c == '\'') return at == line.size() || is_space(line[at]);
    if (c == '\\' && at < line.size() && line[at] == '\'') c = line[at++];
    word += c;
  }
  return false;
}

} // namespace

bool split_inline(std::string_view line, std::vector<std::string>& words) {
  words.clear();
  std::size_t at = 0;
  while (true) {
    while (at < line.size() && is_space(line[at])) ++at;
    if (at == line.size()) return true;
    auto& word = words.emplace_back();
    while (at < line.size() && !is_space(line[at])) {
      char c = line[at++];
      if (c != '"' && c != '\'') {
        word += c;
        continue;
      }
      if (!(c == '"' ? read_double_quoted(line, at, word) : read_single_quoted(line, at, word))) return false;
      break;
    }
  }
}

} // namespace argentum::net
