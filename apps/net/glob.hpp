// SPDX-License-Identifier: Apache-2.0
// Patterns of SCAN MATCH, with the meaning of Redis' stringmatchlen: * ? [abc] [a-z] [^a] and \ before a character.
#pragma once

#include <string>
#include <string_view>

namespace argentum::net {

/// Linear in pattern times text at worst: it never backtracks further than to the last star.
bool glob_match(std::string_view pattern, std::string_view text) noexcept;

/// What every match starts with; only those keys need to be looked at.
std::string literal_prefix(std::string_view pattern);

} // namespace argentum::net
