// SPDX-License-Identifier: Apache-2.0
#include "messages/write.hpp"

namespace argentum {

namespace {

std::size_t carried(const put_op& op) {
  return op.key.size() + op.value.size();
}

std::size_t carried(const put_all_absent_op& op) {
  std::size_t sum = 0;
  for (const auto& [key, value] : op.pairs) sum += sizeof(op.pairs[0]) + key.size() + value.size();
  return sum;
}

std::size_t carried(const append_op& op) {
  return op.key.size() + op.tail.size();
}

std::size_t carried(const overwrite_op& op) {
  return op.key.size() + op.bytes.size();
}

template <class Op>
std::size_t carried(const Op& op) {
  return op.key.size();
}

} // namespace

std::size_t payload_bytes(const write_op& op) noexcept {
  return sizeof op + std::visit([](const auto& each) { return carried(each); }, op);
}

} // namespace argentum
