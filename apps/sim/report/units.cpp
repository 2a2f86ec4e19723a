// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/report/units.hpp"

#include <fmt/format.h>

namespace argentum::sim {

std::string grouped(std::uint64_t number) {
  auto text = std::to_string(number);
  for (auto at = static_cast<long>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
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
