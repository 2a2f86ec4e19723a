// SPDX-License-Identifier: Apache-2.0
// The chain: XXH3-64 of each encoded entry, seeded with the chain before it. It finds divergence by accident
// (a root that lost its tail, a bug, a bad disk); it is no defence against an attacker.
#pragma once

#include "messages/types.hpp"

#include <string_view>

namespace argentum {

chain_t extend_chain(chain_t before, std::string_view entry_bytes) noexcept;

} // namespace argentum
