// SPDX-License-Identifier: Apache-2.0
// Frames on their way to one peer. Small ones are put together, so that a burst of them costs one system call;
// large ones are never copied. Counts what the peer's kernel has not taken yet: that is what bounds a slow link.
// Not thread-safe: its session holds a lock.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

namespace argentum::net {

class outbox {
 public:
  /// Frames are joined up to this.
  static constexpr std::size_t joined_bytes = 64 * 1024;
  /// Aim of one write: small enough that the count of unsent bytes falls while a slow peer still reads.
  static constexpr std::size_t write_bytes = 2 * 1024 * 1024;

  void push(std::string frame);
  /// The next buffers to write, at least one unless nothing is left. They count as unsent until `written`.
  std::vector<std::string> take();
  void written() noexcept { writing_bytes_ = 0; }
  void clear() noexcept;
  std::size_t unsent_bytes() const noexcept { return queued_bytes_ + writing_bytes_; }

 private:
  std::deque<std::string> queue_;
  std::size_t queued_bytes_ = 0;
  std::size_t writing_bytes_ = 0;
};

} // namespace argentum::net
