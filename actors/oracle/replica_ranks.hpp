// SPDX-License-Identifier: Apache-2.0
// Which of many replicas a proxy gets to know: its pool has room for limits::pool_replicas_max. Most of that is for
// the first rank; a few of each later one (limits::pool_spares) stand in for it.
#pragma once

#include "messages/oracle.hpp"

#include <string_view>
#include <vector>

namespace argentum::actors {

/// `ranks`: the nearest first; an address counts for its first one. Who asks gets others than its neighbours, and
/// always the same ones.
set_replicas choose_replicas(std::vector<std::vector<contact>> ranks, std::string_view who);

} // namespace argentum::actors
