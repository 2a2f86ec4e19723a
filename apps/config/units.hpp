// SPDX-License-Identifier: Apache-2.0
// Sizes and durations as people write them in a config: "256MiB", "1h".
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

} // namespace argentum::app
