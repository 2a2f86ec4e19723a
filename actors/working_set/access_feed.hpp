// SPDX-License-Identifier: Apache-2.0
// What a client session needs to have its reads sampled. Thread-safe: copies share the room.
#pragma once

#include "messages/ports.hpp"

#include <atomic>
#include <cstddef>
#include <memory>

namespace argentum::actors {

struct access_feed {
  working_set_port to; ///< empty: nothing is sampled
  std::uint64_t hash_limit = 0;
  bool clear_keys = false;
  /// Samples that the actor has not taken yet.
  std::shared_ptr<std::atomic<std::size_t>> on_their_way = std::make_shared<std::atomic<std::size_t>>(0);
};

} // namespace argentum::actors
