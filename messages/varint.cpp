// SPDX-License-Identifier: Apache-2.0
#include "messages/varint.hpp"

namespace argentum {

void put_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

void put_sized(std::string& out, std::string_view bytes) {
  put_varint(out, bytes.size());
  out.append(bytes);
}

bool take_byte(std::string_view& in, std::uint8_t& out) {
  if (in.empty()) return false;
  out = static_cast<std::uint8_t>(in.front());
  in.remove_prefix(1);
  return true;
}

bool take_varint(std::string_view& in, std::uint64_t& out) {
  out = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    std::uint8_t byte = 0;
    if (!take_byte(in, byte)) return false;
    if (shift == 63 && byte > 1) return false;
    out |= std::uint64_t{byte & 0x7fu} << shift;
    if ((byte & 0x80) == 0) return true;
  }
  return false;
}

bool take_sized(std::string_view& in, std::string_view& out) {
  std::uint64_t size = 0;
  if (!take_varint(in, size) || size > in.size()) return false;
  out = in.substr(0, size);
  in.remove_prefix(size);
  return true;
}

} // namespace argentum
