// SPDX-License-Identifier: Apache-2.0
// Keys of the column families beside `default` (which has the client's keys as they are).
//
//   log:  u64 index, big-endian
//   mvcc: escaped key | 00 01 | u64 last valid index, big-endian        escaped: 00 -> 00 FF
//
// The escape keeps the byte order of keys, and no escaped key with its terminator is a prefix of another's, so all
// records of one key stand together in the order of their index. The part before the index is what the prefix
// Bloom filter knows.
#pragma once

#include "messages/types.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace rocksdb {
class SliceTransform;
}

namespace argentum::storage {

std::string log_key(index_t index);
bool read_log_key(std::string_view bytes, index_t& out);

/// What all of a key's records in `mvcc` start with.
std::string history_prefix(std::string_view key);
std::string history_key(std::string_view key, index_t valid_until);
/// The index in such a key; nothing if it is none.
std::optional<index_t> valid_until(std::string_view history_key) noexcept;
/// Drops the last 8 bytes: history_prefix of the key.
std::shared_ptr<const rocksdb::SliceTransform> history_prefix_extractor();

} // namespace argentum::storage
