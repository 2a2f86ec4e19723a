// SPDX-License-Identifier: Apache-2.0
// Reads as parts of a transaction: the same replies as in reads.cpp, made of the answers of ops.
#pragma once

#include "apps/net/command.hpp"

namespace argentum::net {

bool plan_get(command_call& call, planned_command& plan);
bool plan_mget(command_call& call, planned_command& plan);
bool plan_exists(command_call& call, planned_command& plan);
bool plan_strlen(command_call& call, planned_command& plan);
bool plan_getrange(command_call& call, planned_command& plan);
bool plan_type(command_call& call, planned_command& plan);

/// The bytes `first` to `last`, both inclusive; negative numbers count from the end. What lies outside is left out.
std::string_view slice(std::string_view value, std::int64_t first, std::int64_t last) noexcept;

} // namespace argentum::net
