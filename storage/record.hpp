// SPDX-License-Identifier: Apache-2.0
// The record of a key in the column families `default` and `mvcc`:
//
//   u8 format = 1 | u8 flags | varint version | [u32 last access, little-endian] | [value: the rest]
//
// flags: 1 value follows, 2 tombstone, 4 last access follows. Replicas write values and tombstones; proxies a
// value or nothing, and with a value that was read the last access (seconds of the access clock).
#pragma once

#include "messages/types.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace argentum::storage {

struct record_view {
  index_t version = 0;
  bool tombstone = false;
  std::optional<std::uint32_t> last_access;
  std::optional<std::string_view> value; ///< points into the bytes
};

/// All before the value, so that a large value need not be copied.
std::string encode_record_head(const record_view& record);
/// Nothing if the bytes are of no known format.
std::optional<record_view> decode_record(std::string_view bytes);

} // namespace argentum::storage
