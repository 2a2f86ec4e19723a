// SPDX-License-Identifier: Apache-2.0
// The groups of commands; each is one file of this folder.
#pragma once

#include "apps/net/command.hpp"

namespace argentum::net {

std::span<const command_row> connection_commands(); ///< PING HELLO SELECT ...
std::span<const command_row> client_group();        ///< CLIENT
std::span<const command_row> introspection_commands();
std::span<const command_row> config_commands();
std::span<const command_row> key_commands(); ///< MEMORY OBJECT TIME
std::span<const command_row> read_commands();
std::span<const command_row> scan_commands();
std::span<const command_row> write_commands();
std::span<const command_row> transaction_commands();
std::span<const command_row> flush_commands();
std::span<const command_row> replication_commands(); ///< WAIT ROLE
std::span<const command_row> info_commands();
std::span<const command_row> own_commands(); ///< INDEX WAITINDEX GETAT DIGEST: no Redis has them
std::span<const command_row> range_commands();
std::span<const command_row> operator_commands(); ///< admin listener only

/// Forgets what MULTI has queued and WATCH has seen.
void end_transaction(client_state& client);

} // namespace argentum::net
