// SPDX-License-Identifier: Apache-2.0
#include "storage/record.hpp"

#include "messages/varint.hpp"
#include "storage/fixed_int.hpp"

namespace argentum::storage {

namespace {

constexpr char record_format = 1;
constexpr std::uint8_t has_value = 1, is_tombstone = 2, has_access = 4;

} // namespace

std::string encode_record_head(const record_view& record) {
  int flags = (record.value ? has_value : 0) | (record.tombstone ? is_tombstone : 0)
              | (record.last_access ? has_access : 0);
  std::string out{record_format, static_cast<char>(flags)};
  put_varint(out, record.version);
  if (record.last_access) put_le32(out, *record.last_access);
  return out;
}

std::optional<record_view> decode_record(std::string_view in) {
  std::uint8_t format = 0, flags = 0;
  record_view out;
  if (!take_byte(in, format) || format != record_format || !take_byte(in, flags) || flags > 7
      || !take_varint(in, out.version))
    return std::nullopt;
  out.tombstone = (flags & is_tombstone) != 0;
  if ((flags & has_access) != 0 && !take_le32(in, out.last_access.emplace())) return std::nullopt;
  if ((flags & has_value) != 0)
    out.value = in;
  else if (!in.empty())
    return std::nullopt;
  if (out.tombstone && out.value) return std::nullopt;
  return out;
}

} // namespace argentum::storage
