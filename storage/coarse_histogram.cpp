// SPDX-License-Identifier: Apache-2.0
#include "storage/coarse_histogram.hpp"

#include "messages/varint.hpp"
#include "storage/fixed_int.hpp"

#include <algorithm>
#include <limits>

namespace argentum::storage {

void coarse_histogram::add(std::uint64_t point, std::uint64_t bytes) {
  steps_[point >> shift_] += bytes;
  fit();
}

void coarse_histogram::add(const coarse_histogram& other, double share) {
  if (other.shift_ > shift_) widen(other.shift_);
  for (auto [number, bytes] : other.steps_)
    steps_[number >> (shift_ - other.shift_)] += static_cast<std::uint64_t>(static_cast<double>(bytes) * share);
  fit();
}

void coarse_histogram::widen(unsigned shift) {
  std::map<std::uint64_t, std::uint64_t> wider;
  for (auto [number, bytes] : steps_) wider[number >> (shift - shift_)] += bytes;
  steps_ = std::move(wider);
  shift_ = shift;
}

void coarse_histogram::fit() {
  while (steps_.size() > steps_max) widen(shift_ + 1);
}

std::uint64_t coarse_histogram::total() const noexcept {
  std::uint64_t sum = 0;
  for (auto [number, bytes] : steps_) sum += bytes;
  return sum;
}

std::uint64_t coarse_histogram::end_of(std::uint64_t number) const noexcept {
  auto next = number + 1;
  return next > std::numeric_limits<std::uint64_t>::max() >> shift_ ? std::numeric_limits<std::uint64_t>::max()
                                                                    : next << shift_;
}

std::uint64_t coarse_histogram::below(std::uint64_t point) const noexcept {
  std::uint64_t sum = 0;
  for (auto [number, bytes] : steps_) {
    if (end_of(number) > point) break;
    sum += bytes;
  }
  return sum;
}

std::uint64_t coarse_histogram::point_above(std::uint64_t bytes) const noexcept {
  std::uint64_t sum = 0, end = 0;
  for (auto [number, here] : steps_) {
    if (sum >= bytes) break;
    sum += here;
    end = end_of(number);
  }
  return end;
}

std::string coarse_histogram::encode() const {
  std::string out{static_cast<char>(shift_)};
  put_varint(out, steps_.size());
  for (auto [number, bytes] : steps_) {
    put_varint(out, number);
    put_varint(out, bytes);
  }
  return out;
}

std::optional<coarse_histogram> coarse_histogram::decode(std::string_view in) {
  coarse_histogram out;
  std::uint8_t shift = 0;
  std::uint64_t count = 0;
  if (!take_byte(in, shift) || shift > 63 || !take_varint(in, count) || count > steps_max) return std::nullopt;
  out.shift_ = shift;
  for (; count > 0; --count) {
    std::uint64_t number = 0, bytes = 0;
    if (!take_varint(in, number) || !take_varint(in, bytes)) return std::nullopt;
    out.steps_[number] = bytes;
  }
  return in.empty() ? std::optional{std::move(out)} : std::nullopt;
}

} // namespace argentum::storage
