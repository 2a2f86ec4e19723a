// SPDX-License-Identifier: Apache-2.0
#include "storage/access_table.hpp"

#include "storage/fixed_int.hpp"

#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>
#include <sys/mman.h>

namespace argentum::storage {

namespace {

/// Of 8 slots each: the number of keys is right to about one percent, and costs some microseconds.
constexpr std::size_t sampled_buckets = 1024;

std::uint64_t hash_of(std::string_view key) noexcept {
  return XXH3_64bits(key.data(), key.size());
}

std::uint64_t fingerprint(std::uint64_t hash) noexcept {
  return std::max<std::uint64_t>(hash >> 32, 1); // an empty slot has 0
}

access_time time_of(std::uint64_t slot) noexcept {
  return static_cast<access_time>(slot);
}

} // namespace

access_table::access_table(std::size_t bytes)
    : count_(std::bit_floor(std::max(bytes, sizeof(bucket)) / sizeof(bucket))),
      buckets_(map(count_ * sizeof(bucket))) {}

/// Pages of the system are all zero, and are not there before they are written to.
std::unique_ptr<access_table::bucket[], access_table::unmap> access_table::map(std::size_t bytes) {
  auto* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc{};
  return {static_cast<bucket*>(memory), unmap{bytes}};
}

void access_table::unmap::operator()(bucket* memory) const noexcept {
  munmap(memory, bytes);
}

void access_table::touch(std::string_view key, access_time now) noexcept {
  auto hash = hash_of(key);
  auto mine = fingerprint(hash);
  auto next = mine << 32 | now;
  auto& home = of(hash);
  slot* oldest = nullptr;
  access_time age = 0;
  for (auto& each : home) {
    auto held = each.load(std::memory_order_relaxed);
    if (held >> 32 == mine) {
      if (held != next) each.store(next, std::memory_order_relaxed);
      return;
    }
    if (oldest == nullptr || time_of(held) < age) {
      oldest = &each;
      age = time_of(held);
    }
  }
  oldest->store(next, std::memory_order_relaxed);
}

access_time access_table::last(std::string_view key) const noexcept {
  auto hash = hash_of(key);
  for (const auto& each : of(hash))
    if (auto held = each.load(std::memory_order_relaxed); held >> 32 == fingerprint(hash)) return time_of(held);
  return 0;
}

std::uint64_t access_table::keys() const noexcept {
  auto step = std::max<std::size_t>(count_ / sampled_buckets, 1);
  std::uint64_t used = 0;
  for (std::size_t i = 0; i < count_; i += step)
    for (const auto& each : buckets_[i]) used += each.load(std::memory_order_relaxed) != 0;
  return used * step;
}

std::string access_table::save() const {
  std::string out;
  put_le64(out, count_);
  for (std::size_t i = 0; i < count_; ++i) {
    const auto& home = buckets_[i];
    auto used = [](const slot& each) { return each.load(std::memory_order_relaxed) != 0; };
    if (std::none_of(home.begin(), home.end(), used)) continue;
    put_le64(out, i);
    for (const auto& each : home) put_le64(out, each.load(std::memory_order_relaxed));
  }
  put_le64(out, hash_of(out));
  return out;
}

void access_table::load(std::string_view bytes) {
  if (bytes.size() < u64_size) return;
  auto in = bytes.substr(0, bytes.size() - u64_size), check = bytes.substr(in.size());
  std::uint64_t sum = 0, count = 0, number = 0, held = 0;
  if (!take_le64(check, sum) || sum != hash_of(in) || !take_le64(in, count) || count != count_) return;
  while (take_le64(in, number) && number < count_)
    for (auto& each : buckets_[number])
      if (take_le64(in, held)) each.store(held, std::memory_order_relaxed);
}

} // namespace argentum::storage
