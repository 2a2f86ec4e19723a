// SPDX-License-Identifier: Apache-2.0
// Integers as clients write them, and as counters are stored.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace argentum {

/// The only spelling of a 64-bit integer, as Redis takes it: no sign but '-', no leading zeros, no blanks.
std::optional<std::int64_t> parse_integer(std::string_view text) noexcept;

} // namespace argentum
