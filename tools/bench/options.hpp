// SPDX-License-Identifier: Apache-2.0
// The command line of argentum-bench.
#pragma once

#include "tools/bench/benches.hpp"

#include <optional>
#include <string>
#include <vector>

namespace argentum::bench {

/// One benchmark with the options of this run.
struct planned {
  std::string name;
  void (*run)(const workplace&, const bench_options&, report&) = nullptr;
  bench_options how;
};

struct options {
  std::string command_line; ///< what repeats the run
  std::vector<planned> plan;
  std::string node_binary; ///< default: beside this program
  std::string dir;         ///< default: the system's place for temporary files
  std::string json_file;
};

struct early_exit {
  int code = 0;
  std::string text;
};

/// Fills `into`, or says why the program ends now.
std::optional<early_exit> parse_options(int argc, const char* const* argv, options& into);

} // namespace argentum::bench
