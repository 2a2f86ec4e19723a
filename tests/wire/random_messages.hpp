// SPDX-License-Identifier: Apache-2.0
// Peer messages with random content, one arm after the other, for round trips and fuzzing.
#pragma once

#include "messages/peer_message.hpp"

#include <cstddef>
#include <random>
#include <string>

namespace argentum::test {

inline constexpr std::size_t peer_arms = std::variant_size_v<peer_body>;

class message_source {
 public:
  explicit message_source(std::uint64_t seed) : random_(seed) {}

  /// Arm `which` of peer_body; lists and texts are empty, small or large by chance.
  peer_message make(std::size_t which);

  std::uint64_t below(std::uint64_t end) {
    return std::uniform_int_distribution<std::uint64_t>{0, end - 1}(random_);
  }
  std::uint64_t number();
  /// Any bytes, also none and zeros; half of them compressible.
  std::string bytes(std::size_t size_max);

 private:
  peer_body body(std::size_t which);
  node_role place();
  stamp_t stamp();
  position where() { return {number(), number(), number()}; }
  instance_id id() { return {number(), number()}; }
  instance_role role() { return static_cast<instance_role>(1 + below(2)); }
  contact who();
  std::vector<contact> contacts(std::size_t most);
  std::vector<std::string> names();
  std::chrono::microseconds microseconds();
  heartbeat news();
  record_run run();
  std::vector<snapshot_record> snapshot();
  std::vector<lookup_answer> answers();

  std::mt19937_64 random_;
};

/// Compares also what a record_run points to.
bool equal(const peer_message& a, const peer_message& b);

} // namespace argentum::test
