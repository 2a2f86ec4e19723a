// SPDX-License-Identifier: Apache-2.0
// The command line of argentum-sim.
#pragma once

#include "apps/sim/disk_medium.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace argentum::sim {

struct options {
  enum class command { run, replay, list, explain } what = command::list;
  std::string scenario; ///< a file, or the name of one of the library
  std::uint64_t first_seed = 1;
  std::uint64_t last_seed = 1;
  std::optional<std::chrono::milliseconds> until;
  store_kind store = store_kind::memory;
  std::string trace_file;
  std::string report_dir;
  std::uint64_t jobs = 1; ///< seeds at a time
};

struct early_exit {
  int code = 0;
  std::string text;
};

/// Fills `into`, or says why the program ends now.
std::optional<early_exit> parse_options(int argc, const char* const* argv, options& into);

} // namespace argentum::sim
