// SPDX-License-Identifier: Apache-2.0
// What CLIENT LIST and INFO show of the connected clients, readable from every event loop.
#pragma once

#include "messages/metrics.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace argentum::net {

/// Written by the client's own session, read by any.
struct client_card {
  std::uint64_t id = 0;
  std::string address;
  std::string local_address;
  std::chrono::steady_clock::time_point connected;
  std::atomic<std::chrono::steady_clock::time_point> last_active;
  label name, library, library_version;
  std::atomic<const char*> last_command{"NULL"}; ///< a name of the command table
  std::atomic<unsigned> instance{0};
  std::atomic<int> protocol{2};
  std::function<void()> close; ///< from any thread; set before others see the card
  std::atomic<int> multi{-1};  ///< commands queued in MULTI; -1 = not in one
};

class client_registry {
 public:
  /// Gives the card its id. Ids are never reused.
  void add(const std::shared_ptr<client_card>& card) {
    std::lock_guard lock{mutex_};
    card->id = ++last_;
    cards_.emplace(card->id, card);
  }
  void remove(std::uint64_t id) {
    std::lock_guard lock{mutex_};
    cards_.erase(id);
  }
  std::vector<std::shared_ptr<const client_card>> all() const {
    std::lock_guard lock{mutex_};
    std::vector<std::shared_ptr<const client_card>> out;
    for (const auto& each : cards_) out.push_back(each.second);
    return out;
  }
  std::size_t size() const {
    std::lock_guard lock{mutex_};
    return cards_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::uint64_t, std::shared_ptr<client_card>> cards_;
  std::uint64_t last_ = 0;
};

/// One line of CLIENT LIST, as Redis writes it.
std::string client_line(const client_card& card);

} // namespace argentum::net
