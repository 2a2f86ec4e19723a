// SPDX-License-Identifier: Apache-2.0
// "host:port" as written in configs and on the command line; IPv6 hosts in brackets: "[::1]:7000".
#pragma once

#include "messages/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace argentum::net {

struct address {
  std::string host;
  std::uint16_t port = 0; ///< 0 for a listener: the system chooses
};

/// errc::invalid with a text that says what is expected.
caf::expected<address> parse_address(std::string_view text);

} // namespace argentum::net
