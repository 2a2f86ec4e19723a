// SPDX-License-Identifier: Apache-2.0
// Keeps the replies of one session in the order of its commands, although some are known at once and others wait
// for the sequencer, a replica or a worker. While nothing waits, a reply goes straight into the text to be sent; a
// waiting one opens a slot, and what is known at once behind it is kept as that slot's tail. Also the rule which
// command may run while others wait (read your own writes). No I/O, no threads.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>

namespace argentum::net {

/// What a waiting reply waits for, and so what may run behind it.
enum class wait_kind : std::uint8_t {
  write,   ///< further writes may run (group commit), reads may not
  miss,    ///< everything may run
  barrier, ///< nothing may run: what follows relies on it
  index,   ///< as barrier, and the reply may never come
};

/// What a command needs of the commands before it.
enum class run_rule : std::uint8_t {
  after_writes, ///< a read: sees all writes before it
  any,          ///< does not depend on data, or is a write
  alone,        ///< changes how replies look: runs when nothing waits
};

class reply_queue {
 public:
  /// Where a reply that is known now is appended. The reference lives until the next call of any other member.
  std::string& tail() noexcept { return slots_.empty() ? ready_ : slots_.back().after; }

  /// A slot for a reply that comes later; returns its number. `written_bytes`: what its command has sent on.
  std::uint64_t open(wait_kind kind, std::size_t written_bytes = 0);
  /// The reply of a slot; each slot is filled once, in any order.
  void fill(std::uint64_t slot, std::string reply);

  bool may_run(run_rule rule) const noexcept;
  std::size_t waiting() const noexcept { return waiting_[0] + waiting_[1] + waiting_[2] + waiting_[3]; }
  bool waits_for_index() const noexcept { return waiting(wait_kind::index) > 0; }
  /// All that is held, sendable or not.
  std::size_t bytes() const noexcept;

  /// Sent on to the sequencer and not answered.
  std::size_t written_bytes() const noexcept { return written_bytes_; }

  /// What may be sent, in order. Whoever sends takes it away.
  std::string& ready() noexcept { return ready_; }

 private:
  struct slot {
    wait_kind kind;
    std::size_t written_bytes = 0;
    bool filled = false;
    std::string reply;
    std::string after; ///< replies that were known at once, behind this one
  };

  std::size_t& waiting(wait_kind kind) noexcept { return waiting_[static_cast<std::size_t>(kind)]; }
  std::size_t waiting(wait_kind kind) const noexcept { return waiting_[static_cast<std::size_t>(kind)]; }

  std::string ready_;
  std::deque<slot> slots_;
  std::uint64_t first_ = 0; ///< number of slots_.front()
  std::size_t held_ = 0;    ///< bytes in slots_, without the last one's `after`
  std::size_t written_bytes_ = 0;
  std::array<std::size_t, 4> waiting_{}; ///< unfilled slots by kind
};

} // namespace argentum::net
