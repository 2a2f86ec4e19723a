// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/command_mix.hpp"

namespace argentum::sim {

namespace {

constexpr std::uint64_t ops_max = 6; ///< of a transaction
constexpr std::uint64_t number_max = 1000;
constexpr std::uint64_t offset_max = 40;

std::string some_number(random_source& random) {
  return std::to_string(random.below(number_max));
}

write_op some_change(random_source& random, const std::function<std::string()>& key) {
  switch (random.below(12)) {
  case 0: return put_op{key(), some_number(random), put_when::absent};               // SETNX
  case 1: return put_op{key(), some_number(random), put_when::present};              // SET XX
  case 2: return put_op{key(), some_number(random), put_when::always, true};         // SET GET
  case 3: return put_op{key(), some_number(random), put_when::absent, true};         // SET NX GET
  case 4: return remove_op{key() + (random.below(2) == 0 ? "x" : ""), true};         // GETDEL
  case 5: return append_op{key(), some_number(random)};                              // APPEND
  case 6: return overwrite_op{key(), random.below(offset_max), some_number(random)}; // SETRANGE
  case 7: return overwrite_op{key(), random.below(offset_max), ""};                  // changes nothing
  case 8: return put_all_absent_op{{{key() + "x", some_number(random)}, {key() + "y", some_number(random)}}};
  case 9:
    return add_op{key(), random.below(8) == 0 ? INT64_MIN
                                              : -static_cast<std::int64_t>(random.below(number_max))}; // DECRBY
  default: return add_op{key(), static_cast<std::int64_t>(1 + random.below(number_max))};              // INCRBY
  }
}

} // namespace

std::vector<write_op> some_command(random_source& random, const std::function<std::string()>& key) {
  std::vector<write_op> ops{some_change(random, key)};
  if (random.below(3) != 0) return ops;
  for (auto more = 1 + random.below(ops_max); more > 0; --more) { // MULTI ... EXEC
    ops.push_back(some_change(random, key));
    if (random.below(3) == 0) ops.push_back(read_op{key()});
    if (random.below(4) == 0) ops.push_back(exists_op{key()});
    if (random.below(4) == 0) ops.push_back(remove_op{key()});
  }
  return ops;
}

} // namespace argentum::sim
