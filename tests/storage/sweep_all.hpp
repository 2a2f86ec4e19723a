// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/upkeep.hpp"
#include "tests/support/wait_until.hpp"

#include <doctest/doctest.h>

namespace argentum::test {

/// All steps that there are, added up; `step` does one. A flush that one began is waited for.
template <class F>
sweep_outcome sweep_all(F step) {
  sweep_outcome all;
  REQUIRE(wait_until([&] {
    sweep_outcome now = step();
    all.bytes_before += now.bytes_before;
    all.bytes_after += now.bytes_after;
    all.records += now.records;
    return !now.more;
  }));
  return all;
}

} // namespace argentum::test
