// SPDX-License-Identifier: Apache-2.0
// How many bytes lie at which point of a long axis (access times, indexes), in a few steps of equal width: as many
// points as there may be, the width doubles until the steps that are not empty fit. Sums of histograms are exact to
// the wider of their steps.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace argentum::storage {

class coarse_histogram {
 public:
  /// Steps that are kept: tells the oldest sixtieth of evenly spread points from the rest.
  static constexpr std::size_t steps_max = 64;

  void add(std::uint64_t point, std::uint64_t bytes);
  /// Adds another one, each step of it times `share`.
  void add(const coarse_histogram& other, double share = 1);

  bool empty() const noexcept { return steps_.empty(); }
  std::uint64_t total() const noexcept;
  /// Bytes in steps that lie as a whole below `point`: never more than there are.
  std::uint64_t below(std::uint64_t point) const noexcept;
  /// The smallest point below which `bytes` are known to lie; the end of the last step if there are fewer.
  std::uint64_t point_above(std::uint64_t bytes) const noexcept;

  /// u8 shift | varint steps | varint number, varint bytes of each
  std::string encode() const;
  static std::optional<coarse_histogram> decode(std::string_view bytes);

  friend bool operator==(const coarse_histogram&, const coarse_histogram&) = default;

 private:
  void widen(unsigned shift);
  void fit();
  std::uint64_t end_of(std::uint64_t number) const noexcept;

  unsigned shift_ = 0;                           ///< a step is 2^shift wide
  std::map<std::uint64_t, std::uint64_t> steps_; ///< number: bytes
};

} // namespace argentum::storage
