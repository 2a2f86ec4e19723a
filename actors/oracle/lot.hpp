// SPDX-License-Identifier: Apache-2.0
// Who takes which part of many: everybody orders the same nodes by lots of its own ("Using name-based mappings to
// increase hit rates", Thaler and Ravishankar, 1998). So all are chosen equally often, each one's choice stays the
// same, and what comes or goes changes only the choices that it is part of.
#pragma once

#include "messages/oracle.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace argentum::actors {

/// What `who` draws for `what`: all others draw others.
std::uint64_t lot_of(std::string_view who, std::string_view what);
/// Orders them as `who` does and leaves at most so many.
void take_by_lot(std::vector<contact>& all, std::string_view who, std::size_t most);

} // namespace argentum::actors
