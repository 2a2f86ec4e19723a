// SPDX-License-Identifier: Apache-2.0
// Where one downstream stands: what it was sent, how many bytes it still takes, what it said it has. Credit may go
// below zero by one batch, so that an entry larger than all credit still gets through; it never exceeds
// limits::credit_bytes, whatever the peer grants, so a link's unsent bytes are bounded.
#pragma once

#include "messages/limits.hpp"
#include "messages/replication.hpp"

#include <algorithm>
#include <cstdint>

namespace argentum::actors {

/// Payload bytes that a peer takes.
class credit {
 public:
  void set(std::uint64_t bytes) {
    left_ = 0;
    grant(bytes);
  }
  void grant(std::uint64_t bytes) {
    auto room = static_cast<std::uint64_t>(max - left_); // left_ <= max always
    left_ += static_cast<std::int64_t>(std::min(bytes, room));
  }
  void spend(std::size_t bytes) { left_ -= static_cast<std::int64_t>(bytes); }
  bool any() const noexcept { return left_ > 0; }

 private:
  static constexpr auto max = static_cast<std::int64_t>(limits::credit_bytes);
  std::int64_t left_ = 0;
};

class cursor {
 public:
  void follow(index_t after, std::uint64_t credit_bytes) {
    following_ = true;
    sent_ = after;
    acked_ = {after, 0};
    credit_.set(credit_bytes);
  }
  void stop() noexcept { following_ = false; }
  void sent(index_t last, std::size_t bytes) {
    sent_ = last;
    credit_.spend(bytes);
  }
  void grant(std::uint64_t bytes) { credit_.grant(bytes); }
  /// Never more than it was sent, whatever it says.
  void acked(const replication_ack& ack) noexcept {
    acked_ = {std::min(ack.applied, sent_), std::min(ack.durable, sent_)};
  }

  bool following() const noexcept { return following_; }
  /// Whether something can be sent, with the log's head at `head`.
  bool wants(index_t head) const noexcept { return following_ && sent_ < head && credit_.any(); }
  /// Whether only missing credit keeps it from being sent something.
  bool starved(index_t head) const noexcept { return following_ && sent_ < head && !credit_.any(); }
  index_t sent() const noexcept { return sent_; }
  const replication_ack& acked() const noexcept { return acked_; }

 private:
  bool following_ = false;
  index_t sent_ = 0;
  replication_ack acked_;
  credit credit_;
};

} // namespace argentum::actors
