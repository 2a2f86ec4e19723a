// SPDX-License-Identifier: Apache-2.0
// File descriptors for many connections.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <sys/resource.h>

namespace argentum::bench {

/// Raises the soft limit to at least `wanted`. Throws if the hard one is lower.
inline void allow_files(rlim_t wanted) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_max < wanted) throw std::runtime_error{fmt::format("this needs ulimit -n {}", wanted)};
  files.rlim_cur = std::max(files.rlim_cur, wanted);
  ::setrlimit(RLIMIT_NOFILE, &files);
}

} // namespace argentum::bench
