// SPDX-License-Identifier: Apache-2.0
// Clients as no server wants them. Each runs until it is told to stop, and begins again whenever the server has
// hung up or has answered.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace argentum::bench {

struct abuse_target {
  int port = 0;
  std::uint32_t keys = 0; ///< in the data
  int idle_clients = 0;
};

struct abuser {
  std::string name;
  void (*run)(const abuse_target& target, const std::atomic<bool>& stop);
};

const std::vector<abuser>& abusers();

} // namespace argentum::bench
