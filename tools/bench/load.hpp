// SPDX-License-Identifier: Apache-2.0
// The load generator: one thread, any number of connections, each with `pipeline` commands under way: it sends them
// at once and sends the next ones when all are answered, as redis-benchmark does. A command's latency runs from the
// moment its batch is sent to the moment its reply is read.
#pragma once

#include "tools/bench/histogram.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>

namespace argentum::bench {

struct load {
  int port = 0;
  int connections = 50;
  int pipeline = 1;
  /// Appends the n-th command of the run (0, 1, ...).
  std::function<void(std::string& out, std::uint64_t n)> command;
  /// Whichever comes first ends the run, which then waits for what is under way.
  std::uint64_t commands_max = std::numeric_limits<std::uint64_t>::max();
  std::chrono::duration<double> time = std::chrono::hours{24};
};

struct load_result {
  std::uint64_t replies = 0;
  std::uint64_t nulls = 0;
  std::chrono::duration<double> took{0};
  histogram latencies;
};

/// Throws if the server hangs up, or answers a command with an error.
load_result run_load(const load& what);

/// In the Redis protocol.
void append_command(std::string& out, std::initializer_list<std::string_view> words);

} // namespace argentum::bench
