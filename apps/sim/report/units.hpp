// SPDX-License-Identifier: Apache-2.0
// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace argentum::sim {

/// "1,234,567"
std::string grouped(std::uint64_t number);
/// "1.5 MB", in powers of 1000
std::string bytes_text(std::uint64_t bytes);
/// "42.1 ms", "3.2 s"
std::string delay_text(double milliseconds);
/// "93.2 %"
std::string percent_text(double part);

} // namespace argentum::sim
