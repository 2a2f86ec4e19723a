// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/report/units.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace argentum::sim {

std::string grouped(std::uint64_t number) {
  std::string out;
  for (auto digits = std::to_string(number); char digit : digits) {
    auto left = digits.size() - out.size() + static_cast<std::size_t>(std::count(out.begin(), out.end(), ','));
    if (!out.empty() && left % 3 == 0) out += ',';
    out += digit;
  }
  return out;
}

std::string bytes_text(std::uint64_t bytes) {
  double value = static_cast<double>(bytes);
  for (const char* unit : {"B", "kB", "MB", "GB"}) {
    if (value < 999.5) return fmt::format("{:.3g} {}", value, unit);
    value /= 1000;
  }
  return fmt::format("{:.3g} TB", value);
}

std::string delay_text(double milliseconds) {
  if (milliseconds >= 1000) return fmt::format("{:.3g} s", milliseconds / 1000);
  return fmt::format("{:.3g} ms", milliseconds);
}

std::string percent_text(double part) {
  return fmt::format("{:.1f} %", part * 100);
}

} // namespace argentum::sim
