// SPDX-License-Identifier: Apache-2.0
// The byte form of an entry (format 1), the same in the log on disk and between nodes:
//
//   u8 format = 1 | varint epoch | varint index | varint stamp (us since 1970) | varint mutation count
//   per mutation: u8 kind | varint key length | key | [varint value length | value]   (no value for remove)
//
// Varints are little-endian base 128, as in Protobuf. A new format gets a new first byte.
#pragma once

#include "messages/entry.hpp"

#include <optional>
#include <string_view>

namespace argentum {

inline constexpr std::uint8_t entry_format = 1;

std::string encode_entry(const entry& what);

/// A mutation that points into the encoded bytes.
struct mutation_view {
  mutation_kind kind = mutation_kind::create;
  std::string_view key;
  std::string_view value;
};

/// Reads an encoded entry without copying keys and values; the bytes must outlive the reader.
/// Usage: check `head()`, then call `next()` until it returns false, then check `ok()`.
class entry_reader {
 public:
  struct header {
    epoch_t epoch = 0;
    index_t index = 0;
    stamp_t stamp;
    std::uint64_t mutation_count = 0;
  };

  explicit entry_reader(std::string_view bytes);
  /// Nothing if the bytes don't start with a well-formed header of a known format.
  const std::optional<header>& head() const noexcept { return head_; }
  /// False at the end, or at the first malformed mutation.
  bool next(mutation_view& out);
  /// True if everything so far was well-formed and, after the last mutation, no byte is left.
  bool ok() const noexcept { return ok_; }

 private:
  std::string_view rest_;
  std::optional<header> head_;
  std::uint64_t left_ = 0;
  bool ok_ = false;
};

/// The whole entry as a value; nothing if it is malformed.
std::optional<entry> decode_entry(std::string_view bytes);

} // namespace argentum
