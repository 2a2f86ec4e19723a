// SPDX-License-Identifier: Apache-2.0
// Gets servers into the state that a benchmark starts from.
#pragma once

#include "tools/bench/benches.hpp"
#include "tools/bench/dataset.hpp"
#include "tools/bench/load.hpp"

namespace argentum::bench {

/// Writes the keys 0 .. count - 1 in scattered order; `turn` tells the values of one filling from another's.
void fill(int port, std::uint32_t count, const values& data, std::uint64_t turn = 0);

/// Until the node has what the other one has. The time that it took.
std::chrono::duration<double> wait_until_level(const node& behind, const node& ahead);

/// A root whose log does not reach back to its first entries: who follows it makes a full copy, and a proxy then
/// knows all keys and holds no value.
class filled_root {
 public:
  filled_root(const workplace& where, const bench_options& how, const values& data);
  const node& operator*() const noexcept { return root_; }
  const node* operator->() const noexcept { return &root_; }

 private:
  node root_;
};

/// Reads as they are picked, over and over.
load reads(int port, const bench_options& how, const std::vector<pick>& picks, int pipeline);

} // namespace argentum::bench
