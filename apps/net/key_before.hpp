// SPDX-License-Identifier: Apache-2.0
// Pages of a read view start after a key; this is how to start at one.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace argentum::net {

/// The largest possible key below `key`, which is not empty.
inline std::string key_before(std::string_view key, std::size_t key_bytes_max) {
  std::string out{key.substr(0, key.size() - 1)};
  auto last = static_cast<unsigned char>(key.back());
  if (last == 0) return out;
  out += static_cast<char>(last - 1);
  out.resize(std::max(out.size(), key_bytes_max), '\xff');
  return out;
}

} // namespace argentum::net
