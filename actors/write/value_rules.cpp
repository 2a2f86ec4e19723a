// SPDX-License-Identifier: Apache-2.0
#include "actors/write/value_rules.hpp"

#include "messages/integer_text.hpp"
#include "messages/real_text.hpp"

#include <cmath>

namespace argentum::actors {

new_value append_to(const old_value& value, const std::string& tail, std::size_t bytes_max) {
  auto length = (value ? value->size() : 0) + tail.size();
  if (length > bytes_max) return op_refusal::value_too_large;
  return value ? *value + tail : tail;
}

new_value overwrite(const old_value& value, const overwrite_op& op, std::size_t bytes_max) {
  if (op.offset > bytes_max || op.offset + op.bytes.size() > bytes_max) return op_refusal::value_too_large;
  auto out = value.value_or(std::string{});
  auto end = op.offset + op.bytes.size();
  if (out.size() < end) out.resize(end);
  out.replace(op.offset, op.bytes.size(), op.bytes);
  return out;
}

new_value add_to(const old_value& value, std::int64_t by) {
  auto number = value ? parse_integer(*value) : 0;
  if (!number) return op_refusal::not_an_integer;
  std::int64_t sum = 0;
  if (__builtin_add_overflow(*number, by, &sum)) return op_refusal::overflow;
  return std::to_string(sum);
}

new_value add_real_to(const old_value& value, long double by) {
  auto number = value ? parse_real(*value) : 0.0L;
  if (!number) return op_refusal::not_a_number;
  auto sum = *number + by;
  if (!std::isfinite(sum)) return op_refusal::not_finite;
  return real_text(sum);
}

} // namespace argentum::actors
