// SPDX-License-Identifier: Apache-2.0
// Lists as one blob each, so that their elements cost no Protobuf object and the whole can be compressed. Elements
// follow each other; their count stands outside. "sized" is a varint length and the bytes.
//
//   log records        u64 chain, little endian | sized encoded entry            (indexes are consecutive)
//   snapshot records   sized key | varint version | sized value
//   lookup items       sized key | varint index
//   positions          varint epoch | varint index | u64 chain, little endian
//   lookup answers     u8 status | varint index | [sized value]                  (value only if found)
//   names              sized name
//   contacts           sized node | sized address
//   groups             sized datacenter | varint round trip in us | varint count | contacts
//   owners             sized instance | contact
//
// `unpack` refuses (false) what does not consist of exactly `count` elements, before it reserves memory for them.
#pragma once

#include "messages/entry.hpp"
#include "messages/lookup.hpp"
#include "messages/oracle.hpp"
#include "messages/replication.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace argentum::wire {

std::string pack(const std::vector<log_record>& records);
std::string pack(const std::vector<snapshot_record>& records);
std::string pack(const std::vector<lookup_item>& items);
std::string pack(const std::vector<position>& positions);
std::string pack(const std::vector<lookup_answer>& answers);
std::string pack(const std::vector<std::string>& names);
std::string pack(const std::vector<contact>& contacts);
std::string pack(const std::vector<nearest_reply::group>& groups);
std::string pack(const std::vector<nearest_reply::owner>& owners);

/// `out` is empty before. Records are numbered from `first`.
bool unpack(std::string_view in, std::uint32_t count, index_t first, std::vector<log_record>& out);
bool unpack(std::string_view in, std::uint32_t count, std::vector<snapshot_record>& out);
bool unpack(std::string_view in, std::uint32_t count, std::vector<lookup_item>& out);
bool unpack(std::string_view in, std::uint32_t count, std::vector<position>& out);
bool unpack(std::string_view in, std::uint32_t count, std::vector<lookup_answer>& out);
bool unpack(std::string_view in, std::uint32_t count, std::vector<std::string>& out);
bool unpack(std::string_view in, std::uint32_t count, std::vector<contact>& out);
bool unpack(std::string_view in, std::uint32_t count, std::vector<nearest_reply::group>& out);
bool unpack(std::string_view in, std::uint32_t count, std::vector<nearest_reply::owner>& out);

} // namespace argentum::wire
