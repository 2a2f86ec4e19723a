// SPDX-License-Identifier: Apache-2.0
// Base-128 varints and length-prefixed strings, shared by the entry codec and the storage records.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace argentum {

void put_varint(std::string& out, std::uint64_t value);
void put_sized(std::string& out, std::string_view bytes);

/// Each takes its value off the front of `in`; false (and `in` unspecified) if it is cut short or too long.
bool take_byte(std::string_view& in, std::uint8_t& out);
bool take_varint(std::string_view& in, std::uint64_t& out);
bool take_sized(std::string_view& in, std::string_view& out);

} // namespace argentum
