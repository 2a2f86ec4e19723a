// SPDX-License-Identifier: Apache-2.0
#include "storage/fixed_int.hpp"

#include <boost/endian/conversion.hpp>

namespace argentum::storage {

namespace {

using boost::endian::order;

template <class Int, order Order>
void put(std::string& out, Int value) {
  unsigned char bytes[sizeof(Int)];
  boost::endian::endian_store<Int, sizeof(Int), Order>(bytes, value);
  out.append(reinterpret_cast<const char*>(bytes), sizeof(Int));
}

template <class Int, order Order>
bool take(std::string_view& in, Int& out) {
  if (in.size() < sizeof(Int)) return false;
  out = boost::endian::endian_load<Int, sizeof(Int), Order>(reinterpret_cast<const unsigned char*>(in.data()));
  in.remove_prefix(sizeof(Int));
  return true;
}

} // namespace

void put_be64(std::string& out, std::uint64_t value) {
  put<std::uint64_t, order::big>(out, value);
}
void put_le64(std::string& out, std::uint64_t value) {
  put<std::uint64_t, order::little>(out, value);
}
void put_le32(std::string& out, std::uint32_t value) {
  put<std::uint32_t, order::little>(out, value);
}

bool take_be64(std::string_view& in, std::uint64_t& out) {
  return take<std::uint64_t, order::big>(in, out);
}
bool take_le64(std::string_view& in, std::uint64_t& out) {
  return take<std::uint64_t, order::little>(in, out);
}
bool take_le32(std::string_view& in, std::uint32_t& out) {
  return take<std::uint32_t, order::little>(in, out);
}

} // namespace argentum::storage
