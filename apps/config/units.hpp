// SPDX-License-Identifier: Apache-2.0
// Sizes, durations and limits of disk space as people write them in a config: "256MiB", "1h", "20% free".
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace argentum::app {

/// B, KiB, MiB, GiB, TiB; no unit = bytes. Nothing if it is no such text or does not fit 64 bits.
std::optional<std::uint64_t> parse_size(const std::string& text);

/// ms, s, m, h, d, w; the unit is required. Nothing if it is no such text or longer than 100 years.
std::optional<std::chrono::milliseconds> parse_duration(const std::string& text);

struct space_amount {
  std::uint64_t amount = 0; ///< bytes, or percent
  bool percent = false;
  bool free = false; ///< what stays free; else what may be taken
  friend bool operator==(const space_amount&, const space_amount&) = default;
};

/// "5GiB", "10GiB free", "20% free". Nothing if it is no such text or more than 99 percent.
std::optional<space_amount> parse_space(const std::string& text);

} // namespace argentum::app
