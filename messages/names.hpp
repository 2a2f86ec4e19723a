// SPDX-License-Identifier: Apache-2.0
// Names of nodes, instances and datacenters, and other people's text on its way into our logs.
#pragma once

#include <string>
#include <string_view>

namespace argentum {

/// 1 to limits::name_bytes_max of A-Z a-z 0-9 _ . - without a leading dot: safe in paths, log lines and metrics.
bool is_name(std::string_view text) noexcept;

/// The text of a peer with '?' for whatever could forge a log line or drive a terminal.
std::string printable(std::string_view text);

} // namespace argentum
