// SPDX-License-Identifier: Apache-2.0
// Numbers with a fraction as INCRBYFLOAT reads and writes them: Redis' long doubles.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace argentum {

/// Decimal or hexadecimal, with exponent, "inf" too; nothing of more than 255 bytes, no blank before it, no NaN.
std::optional<long double> parse_real(std::string_view text);

/// At most 17 digits after the point, without zeros at its end.
std::string real_text(long double value);

} // namespace argentum
