// SPDX-License-Identifier: Apache-2.0
// A scenario in words, before it is run: who is where, who follows whom, what is bounded, what happens.
#pragma once

#include "apps/sim/scenario.hpp"

#include <string>

namespace argentum::sim {

std::string explain(const scenario& what);

} // namespace argentum::sim
