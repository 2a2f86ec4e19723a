// SPDX-License-Identifier: Apache-2.0
// Parts of messages to Protobuf and back; for the codec alone.
#pragma once

#include "messages/oracle_limits.hpp"
#include "messages/wire/compression.hpp"
#include "messages/wire/packing.hpp"
#include "messages/wire/peer.pb.h"

#include <algorithm>

namespace argentum::wire {

inline stamp_t to_stamp(std::int64_t us) {
  return stamp_t{std::chrono::microseconds{us}};
}

inline void put(pb::InstanceId& to, const instance_id& from) {
  to.set_high(from.high);
  to.set_low(from.low);
}

inline instance_id take(const pb::InstanceId& from) {
  return {from.high(), from.low()};
}

inline void put(pb::Position& to, const position& from) {
  to.set_epoch(from.epoch);
  to.set_index(from.index);
  to.set_chain(from.chain);
}

inline position take(const pb::Position& from) {
  return {from.epoch(), from.index(), from.chain()};
}

template <class T>
void put(pb::Blob& to, const std::vector<T>& list, bool compressed) {
  auto raw = pack(list);
  to.set_count(static_cast<std::uint32_t>(list.size()));
  if (std::string smaller; compressed && raw.size() >= limits::compress_bytes_min && compress(raw, smaller)) {
    to.set_compression(pb::COMPRESSION_ZSTD);
    to.set_raw_bytes(raw.size());
    to.set_data(std::move(smaller));
  } else {
    to.set_data(std::move(raw));
  }
}

/// Calls use(bytes, count) with what the blob holds after decompression.
template <class Use>
bool take(const pb::Blob& from, Use use) {
  if (from.compression() == pb::COMPRESSION_NONE) return use(std::string_view{from.data()}, from.count());
  if (from.compression() != pb::COMPRESSION_ZSTD || from.raw_bytes() > limits::frame_bytes_max) return false;
  auto raw = decompress(from.data(), from.raw_bytes());
  return raw && use(std::string_view{*raw}, from.count());
}

template <class T>
bool take(const pb::Blob& from, std::vector<T>& out) {
  return take(from, [&](std::string_view bytes, std::uint32_t count) { return unpack(bytes, count, out); });
}

/// Enums of messages/ number their values from 1 to `last` without gaps.
template <class Enum>
bool take(std::uint32_t from, Enum last, Enum& out) {
  if (from == 0 || from > static_cast<std::uint32_t>(last)) return false;
  out = static_cast<Enum>(from);
  return true;
}

inline bool take_name(const std::string& from, std::string& out) {
  if (from.size() > limits::name_bytes_max) return false;
  out = from;
  return true;
}

/// A year at most, so that sums of some do not overflow.
template <class Duration>
bool take_time(std::uint64_t from, Duration& out) {
  if (from > static_cast<std::uint64_t>(Duration{std::chrono::hours{24 * 365}}.count())) return false;
  out = Duration{from};
  return true;
}

inline bool take_address(const std::string& from, std::string& out) {
  if (from.size() > limits::address_bytes_max) return false;
  out = from;
  return true;
}

inline bool fits(const contact& who) {
  return who.node.size() <= limits::name_bytes_max && who.address.size() <= limits::address_bytes_max;
}

inline bool take(const pb::Blob& from, std::size_t most, std::vector<contact>& out) {
  return from.count() <= most && take(from, out) && std::all_of(out.begin(), out.end(), fits);
}

inline bool take_instances(const pb::Blob& from, std::vector<std::string>& out) {
  auto fits_name = [](const std::string& name) { return name.size() <= limits::name_bytes_max; };
  return from.count() <= limits::instances_max && take(from, out) && std::all_of(out.begin(), out.end(), fits_name);
}

} // namespace argentum::wire
