// SPDX-License-Identifier: Apache-2.0
// Which keys were asked for lately, and whether more than once: a count sketch as TinyLFU has it. Two bytes are
// counted up for each key, the smaller one is taken: it may say too much, never too little. Every `period` keys all
// counts are halved, so that what is no longer asked for is forgotten. 256 KiB, whatever the number of keys.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace argentum::actors {

/// Pure rule; one thread.
class asked_keys {
 public:
  /// Takes its memory with the first key.
  void note(std::string_view key);
  /// How often it was noted in the last period or two.
  unsigned count(std::string_view key) const noexcept;

  static constexpr std::size_t counters = 256 * 1024;
  /// Keys between two halvings: with a quarter of the counters in use, one new key in twenty looks like a known
  /// one.
  static constexpr std::size_t period = counters / 4;

 private:
  std::vector<std::uint8_t> counts_;
  std::size_t noted_ = 0;
};

} // namespace argentum::actors
