// SPDX-License-Identifier: Apache-2.0
// Names that clients give themselves, by HELLO SETNAME and CLIENT SETNAME.
#pragma once

#include "apps/net/command.hpp"

namespace argentum::net {

/// Printable, without blanks, of at most limits::client_name_max bytes.
bool is_client_name(std::string_view name);

/// Answers with Redis' error if it is none.
bool check_client_name(command_call& call, std::string_view name);

} // namespace argentum::net
