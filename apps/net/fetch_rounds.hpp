// SPDX-License-Identifier: Apache-2.0
// Evicted values of one command, however many: asked for in rounds, because what a proxy's misses may hold at a
// time is bounded for all clients together. What earlier rounds brought waits here, and is bounded over all
// clients, too.
#pragma once

#include "messages/metrics.hpp"
#include "messages/ports.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace argentum::net {

class fetch_rounds : public std::enable_shared_from_this<fetch_rounds> {
 public:
  /// `whole.reply` gets all values, or the first error; `held` counts the bytes that wait, of all clients.
  fetch_rounds(fetch_port from, fetch_command whole, std::shared_ptr<std::atomic<std::size_t>> held)
      : from_(std::move(from)), whole_(std::move(whole)), held_(std::move(held)) {}
  ~fetch_rounds() { *held_ -= bytes_; }
  fetch_rounds(const fetch_rounds&) = delete;
  fetch_rounds& operator=(const fetch_rounds&) = delete;

  void ask();

 private:
  /// In the thread of whoever answers.
  void take(caf::expected<std::vector<std::string>>& part);

  fetch_port from_;
  fetch_command whole_; ///< its items that were asked for are moved from
  std::shared_ptr<std::atomic<std::size_t>> held_;
  std::size_t asked_ = 0;
  std::size_t bytes_ = 0;
  std::vector<std::string> values_;
};

} // namespace argentum::net
