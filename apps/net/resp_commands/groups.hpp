// SPDX-License-Identifier: Apache-2.0
// The groups of commands; each is one file of this folder.
#pragma once

#include "apps/net/command.hpp"

namespace argentum::net {

std::span<const command_row> connection_commands(); ///< PING HELLO SELECT CLIENT COMMAND ...
std::span<const command_row> introspection_commands();
std::span<const command_row> read_commands();
std::span<const command_row> scan_commands();
std::span<const command_row> write_commands();
std::span<const command_row> info_commands();
std::span<const command_row> own_commands();      ///< INDEX WAITINDEX DIGEST: no Redis has them
std::span<const command_row> operator_commands(); ///< admin listener only

} // namespace argentum::net
