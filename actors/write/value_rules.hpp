// SPDX-License-Identifier: Apache-2.0
// What APPEND, SETRANGE, INCR and INCRBYFLOAT make of a value, as Redis 7.0 does. An absent key counts as the empty
// value, in arithmetic as 0.
#pragma once

#include "messages/write.hpp"

namespace argentum::actors {

/// The new value, or why there is none.
using new_value = std::variant<std::string, op_refusal>;

new_value append_to(const old_value& value, const std::string& tail, std::size_t bytes_max);
new_value overwrite(const old_value& value, const overwrite_op& op, std::size_t bytes_max);
new_value add_to(const old_value& value, std::int64_t by);
new_value add_real_to(const old_value& value, long double by);

} // namespace argentum::actors
