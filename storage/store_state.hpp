// SPDX-License-Identifier: Apache-2.0
// What a store knows about itself, kept as one record that goes into the same write batch as the data it speaks of:
// whoever reads it under a snapshot knows the exact index of everything else under that snapshot.
#pragma once

#include "messages/store_commands.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace argentum::storage {

struct store_state {
  instance_id id;
  instance_role role = instance_role::replica;
  position applied;
  stamp_t stamp;     ///< of the applied entry
  position log_base; ///< the log holds the entries after this one; a proxy's is always its position
  index_t horizon = 0;
  std::uint64_t key_count = 0;
  friend bool operator==(const store_state&, const store_state&) = default;
};

/// Byte form: u8 format | u8 role | u64 each (little-endian): id high, id low, applied epoch, index, chain, stamp
/// in microseconds, log base epoch, index, chain, horizon, key count.
std::string encode_state(const store_state& state);
/// Nothing if the bytes are of no known format.
std::optional<store_state> decode_state(std::string_view bytes);

store_report report_of(const store_state& state, index_t durable);

/// An import that is under way: what it copies, and how far the data on disk reaches.
struct import_record {
  snapshot_header header;
  std::uint64_t count = 0; ///< keys that are in
  std::string last_key;    ///< the last of them; means nothing while count is 0
};

/// u8 format | u64 each: id high, low, epoch, index, chain, stamp, header's key count, count | last key
std::string encode_import(const import_record& import);
std::optional<import_record> decode_import(std::string_view bytes);

/// The state of a store that has finished this import.
store_state state_after(const import_record& import, instance_role role);

} // namespace argentum::storage
