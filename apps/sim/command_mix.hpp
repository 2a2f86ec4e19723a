// SPDX-License-Identifier: Apache-2.0
// Writes that rest on what the keys are: counters, appending, conditions, transactions of several of them.
#pragma once

#include "apps/sim/random_source.hpp"
#include "messages/write.hpp"

#include <functional>
#include <string>
#include <vector>

namespace argentum::sim {

/// One command; `key` draws a key.
std::vector<write_op> some_command(random_source& random, const std::function<std::string()>& key);

} // namespace argentum::sim
