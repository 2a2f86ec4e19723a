// SPDX-License-Identifier: Apache-2.0
#include "apps/net/resp_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace argentum::net {

namespace {

constexpr std::string_view line_end = "\r\n";

} // namespace

void resp_writer::header(char kind, std::uint64_t count) {
  fmt::format_int digits{count};
  out_ += kind;
  out_.append(digits.data(), digits.size()).append(line_end);
}

void resp_writer::simple(std::string_view text) {
  out_ += '+';
  out_.append(text).append(line_end);
}

void resp_writer::error(std::string_view text) {
  if (errors_ != nullptr) ++*errors_;
  out_ += '-';
  auto start = out_.size();
  out_.append(text);
  std::replace_if(
      out_.begin() + static_cast<std::ptrdiff_t>(start), out_.end(), [](char c) { return c == '\r' || c == '\n'; },
      ' ');
  out_.append(line_end);
}

void resp_writer::integer(std::int64_t value) {
  fmt::format_int digits{value};
  out_ += ':';
  out_.append(digits.data(), digits.size()).append(line_end);
}

void resp_writer::bulk(std::string_view bytes) {
  header('$', bytes.size());
  out_.append(bytes).append(line_end);
}

void resp_writer::null() {
  out_.append(protocol_ == 3 ? "_\r\n" : "$-1\r\n");
}

void resp_writer::null_array() {
  out_.append(protocol_ == 3 ? "_\r\n" : "*-1\r\n");
}

void resp_writer::real(double value) {
  auto digits = std::isinf(value) ? std::string{value < 0 ? "-inf" : "inf"} : fmt::format("{:.17g}", value);
  if (protocol_ != 3) return bulk(digits);
  out_ += ',';
  out_.append(digits).append(line_end);
}

void resp_writer::text(std::string_view text) {
  if (protocol_ != 3) return bulk(text);
  header('=', text.size() + 4);
  out_.append("txt:").append(text).append(line_end);
}

void resp_writer::map(std::size_t count) {
  if (protocol_ == 3)
    header('%', count);
  else
    header('*', count * 2);
}

} // namespace argentum::net
