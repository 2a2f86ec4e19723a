// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tools/bench/tcp_socket.hpp"

#include <atomic>
#include <string>

namespace argentum::bench {

/// Sends all of it while it reads what comes, up to the answer of a PING behind it, or until it should stop.
void converse(const tcp_socket& socket, const std::string& request, const std::atomic<bool>& stop);

} // namespace argentum::bench
