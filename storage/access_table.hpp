// SPDX-License-Identifier: Apache-2.0
// When keys were read last, of as many keys as fit: 8 bytes each, in buckets of one cache line, without a lock. A
// read of a key that was noted in the same second only looks at the line. The key that was read longest ago makes
// room for a new one of its bucket; races lose a note, nothing else. Memory is taken as it fills.
#pragma once

#include "storage/upkeep.hpp"

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <string_view>

namespace argentum::storage {

/// Thread-safe.
class access_table {
 public:
  /// `bytes` is rounded down to a power of two.
  explicit access_table(std::size_t bytes);

  void touch(std::string_view key, access_time now) noexcept;
  /// 0 if it is not known.
  access_time last(std::string_view key) const noexcept;

  /// Estimated from a part of the table.
  std::uint64_t keys() const noexcept;
  std::uint64_t bytes() const noexcept { return count_ * sizeof(bucket); }

  /// Bytes of which `load` makes the same table. Those of a table of another size, or damaged ones, are ignored.
  std::string save() const;
  void load(std::string_view bytes);

 private:
  static constexpr std::size_t slots = 8;
  using slot = std::atomic<std::uint64_t>; ///< fingerprint << 32 | last access
  struct alignas(64) bucket : std::array<slot, slots> {};
  struct unmap {
    std::size_t bytes;
    void operator()(bucket* memory) const noexcept;
  };
  static std::unique_ptr<bucket[], unmap> map(std::size_t bytes);

  bucket& of(std::uint64_t hash) const noexcept { return buckets_[hash & (count_ - 1)]; }

  std::size_t count_;
  std::unique_ptr<bucket[], unmap> buckets_;
};

} // namespace argentum::storage
