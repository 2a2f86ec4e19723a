// SPDX-License-Identifier: Apache-2.0
// Many seeds, several at a time. Each runs in a process of its own: they share nothing, so that a seed is the same
// run however many go beside it, and a crash is that seed's finding. They are told in the order of their numbers.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace argentum::sim {

struct seed_range {
  std::uint64_t first = 1;
  std::uint64_t last = 1; ///< included
};

/// What is left of a run when its process has ended.
struct seed_outcome {
  /// Plain numbers, as they go through the pipe.
  struct totals {
    bool broken = false;
    std::int64_t virtual_ns = 0;
    std::uint64_t answers = 0;
    std::uint64_t faults = 0;
    std::uint64_t trace_hash = 0;
  } sums;
  std::string text; ///< for people
};

struct seed_jobs {
  std::function<seed_outcome(std::uint64_t seed)> run;
  /// In the order of the seeds.
  std::function<void(std::uint64_t seed, const seed_outcome&)> done;
};

/// Ends after the first seed that is broken. Throws std::runtime_error if a run could not begin or said nothing.
/// With more than one job the caller must have no other thread.
void run_seeds(seed_range seeds, std::uint64_t jobs, const seed_jobs& what);

} // namespace argentum::sim
