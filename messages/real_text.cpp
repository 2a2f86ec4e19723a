// SPDX-License-Identifier: Apache-2.0
#include "messages/real_text.hpp"

#include <fmt/printf.h>

#include <cctype>
#include <cerrno>
#include <cmath>
#include <cstdlib>

namespace argentum {

namespace {

constexpr std::size_t text_bytes_max = 255; // Redis' buffer

} // namespace

std::optional<long double> parse_real(std::string_view text) {
  if (text.empty() || text.size() > text_bytes_max || std::isspace(static_cast<unsigned char>(text[0])) != 0)
    return {};
  std::string copy{text};
  char* end = nullptr;
  errno = 0;
  auto value = std::strtold(copy.c_str(), &end);
  bool out_of_range = errno == ERANGE && (std::isinf(value) || std::fpclassify(value) == FP_ZERO);
  if (end != copy.c_str() + copy.size() || out_of_range || std::isnan(value)) return {};
  return value;
}

std::string real_text(long double value) {
  auto out = fmt::sprintf("%.17Lf", value);
  out.erase(out.find_last_not_of('0') + 1);
  if (out.back() == '.') out.pop_back();
  return out == "-0" ? "0" : out;
}

} // namespace argentum
