// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/reply_scanner.hpp"

#include <algorithm>
#include <stdexcept>

namespace argentum::bench {

std::size_t reply_scanner::scan(std::string_view bytes) {
  std::size_t replies = 0;
  while (!bytes.empty()) {
    if (skip_ > 0) {
      auto part = std::min(skip_, bytes.size());
      bytes.remove_prefix(part);
      skip_ -= part;
      if (skip_ == 0) ++replies;
      continue;
    }
    auto end = bytes.find('\n');
    line_ += bytes.substr(0, end);
    if (end == std::string_view::npos) break;
    bytes.remove_prefix(end + 1);
    if (end_of_line()) ++replies;
    line_.clear();
  }
  return replies;
}

bool reply_scanner::end_of_line() {
  constexpr std::size_t line_end = 2; // "\r\n"
  switch (line_.empty() ? '\0' : line_[0]) {
  case '+':
  case ':': return true;
  case '-':
    if (errors_++ == 0) first_error_ = line_.substr(1, line_.find('\r') - 1);
    return true;
  case '$':
    if (line_[1] == '-') {
      ++nulls_;
      return true;
    }
    skip_ = std::stoull(line_.substr(1)) + line_end;
    return false;
  default: throw std::runtime_error{"not a reply of a Redis server: " + line_.substr(0, 60)};
  }
}

} // namespace argentum::bench
