// SPDX-License-Identifier: Apache-2.0
// Keys and values of all benchmarks. Keys are those of redis-benchmark (`key:000000000042`), so that its requests
// meet our data. Absent keys stand between the present ones: no store can tell them by their range. Values are hex
// digits, which zstd halves.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace argentum::bench {

void append_key(std::string& out, std::uint64_t number);
void append_absent_key(std::string& out, std::uint64_t number);
std::string key_of(std::uint64_t number);
std::string absent_key_of(std::uint64_t number);

/// Values of one size; of equal numbers equal, valid as long as the object.
class values {
 public:
  explicit values(std::size_t bytes);
  std::string_view of(std::uint64_t number) const noexcept;

 private:
  std::size_t bytes_;
  std::string pool_;
};

/// The i-th of `count` numbers in an order that is neither sorted nor random to repeat: each comes once.
std::uint64_t scattered(std::uint64_t i, std::uint64_t count) noexcept;

/// One read of a client.
struct pick {
  std::uint32_t number = 0;
  bool absent = false;
};

/// `length` reads of `count` keys after Zipf's law with exponent `skew` (0 = all keys alike), the popular ones
/// scattered over the key range; `absent_share` (0..1) of them ask for absent keys.
std::vector<pick> zipf_picks(std::uint32_t count, double skew, double absent_share, std::size_t length);

} // namespace argentum::bench
