// SPDX-License-Identifier: Apache-2.0
// Seeds of random tests: fresh on each run, printed, and repeatable with ARGENTUM_TEST_SEED=n.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>

namespace argentum::test {

inline std::uint64_t random_seed(const char* what) {
  const char* fixed = std::getenv("ARGENTUM_TEST_SEED");
  std::uint64_t seed = fixed != nullptr ? std::strtoull(fixed, nullptr, 10) : std::random_device{}();
  std::printf("%s: ARGENTUM_TEST_SEED=%llu\n", what, static_cast<unsigned long long>(seed));
  std::fflush(stdout); // a test that hangs has said its seed
  return seed;
}

} // namespace argentum::test
