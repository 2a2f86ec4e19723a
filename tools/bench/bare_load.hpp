// SPDX-License-Identifier: Apache-2.0
// What one thread can load into RocksDB with the options of a replica: no network, no log, no order to check.
#pragma once

#include "tools/bench/dataset.hpp"

#include <chrono>

namespace argentum::bench {

enum class bare_records {
  fresh,                   ///< keys that are not there
  overwrites,              ///< keys that are, whose old records are not read
  overwrites_with_history, ///< each old record is read and copied to the history family
};

struct load_cost {
  std::chrono::duration<double> took;
  std::chrono::duration<double> cpu; ///< with flushes and compactions meanwhile
};

/// What `count` records cost, written in batches without sync.
load_cost bare_load(const std::string& dir, std::uint32_t count, const values& data, bare_records what);

} // namespace argentum::bench
