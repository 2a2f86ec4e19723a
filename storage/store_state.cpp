// SPDX-License-Identifier: Apache-2.0
#include "storage/store_state.hpp"

#include "messages/varint.hpp"
#include "storage/fixed_int.hpp"

namespace argentum::storage {

namespace {

constexpr char state_format = 1;

void put_position(std::string& out, const position& where) {
  for (auto part : {where.epoch, where.index, where.chain}) put_le64(out, part);
}

void put_stamp(std::string& out, stamp_t stamp) {
  put_le64(out, static_cast<std::uint64_t>(stamp.time_since_epoch().count()));
}

bool take_position(std::string_view& in, position& out) {
  return take_le64(in, out.epoch) && take_le64(in, out.index) && take_le64(in, out.chain);
}

bool take_stamp(std::string_view& in, stamp_t& out) {
  std::uint64_t count = 0;
  if (!take_le64(in, count)) return false;
  out = stamp_t{std::chrono::microseconds{static_cast<std::int64_t>(count)}};
  return true;
}

} // namespace

std::string encode_state(const store_state& state) {
  std::string out{state_format, static_cast<char>(state.role)};
  put_le64(out, state.id.high);
  put_le64(out, state.id.low);
  put_position(out, state.applied);
  put_stamp(out, state.stamp);
  put_position(out, state.log_base);
  put_le64(out, state.horizon);
  put_le64(out, state.key_count);
  return out;
}

std::optional<store_state> decode_state(std::string_view in) {
  std::uint8_t format = 0, role = 0;
  store_state out;
  if (!take_byte(in, format) || format != state_format || !take_byte(in, role) || role < 1 || role > 2
      || !take_le64(in, out.id.high) || !take_le64(in, out.id.low) || !take_position(in, out.applied)
      || !take_stamp(in, out.stamp) || !take_position(in, out.log_base) || !take_le64(in, out.horizon)
      || !take_le64(in, out.key_count) || !in.empty())
    return std::nullopt;
  out.role = static_cast<instance_role>(role);
  return out;
}

store_report report_of(const store_state& state, index_t durable) {
  return {state.id, state.role,    state.applied,        state.stamp,
          durable,  state.horizon, state.log_base.index, state.key_count};
}

std::string encode_import(const import_record& import) {
  std::string out{state_format};
  put_le64(out, import.header.id.high);
  put_le64(out, import.header.id.low);
  put_position(out, import.header.at);
  put_stamp(out, import.header.stamp);
  put_le64(out, import.header.key_count);
  put_le64(out, import.count);
  return out + import.last_key;
}

std::optional<import_record> decode_import(std::string_view in) {
  std::uint8_t format = 0;
  import_record out;
  if (!take_byte(in, format) || format != state_format || !take_le64(in, out.header.id.high)
      || !take_le64(in, out.header.id.low) || !take_position(in, out.header.at) || !take_stamp(in, out.header.stamp)
      || !take_le64(in, out.header.key_count) || !take_le64(in, out.count))
    return std::nullopt;
  out.last_key = in;
  return out;
}

store_state state_after(const import_record& import, instance_role role) {
  const auto& header = import.header;
  return {header.id, role, header.at, header.stamp, header.at, header.at.index, import.count};
}

} // namespace argentum::storage
