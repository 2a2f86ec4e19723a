// SPDX-License-Identifier: Apache-2.0
// Integers of fixed width in keys (big-endian, so that bytes sort as numbers) and in records (little-endian).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace argentum::storage {

inline constexpr std::size_t u64_size = 8;

void put_be64(std::string& out, std::uint64_t value);
void put_le64(std::string& out, std::uint64_t value);
void put_le32(std::string& out, std::uint32_t value);

/// Each takes its value off the front of `in`; false, and `in` unchanged, if it is too short.
bool take_be64(std::string_view& in, std::uint64_t& out);
bool take_le64(std::string_view& in, std::uint64_t& out);
bool take_le32(std::string_view& in, std::uint32_t& out);

} // namespace argentum::storage
