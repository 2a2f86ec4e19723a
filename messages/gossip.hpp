// SPDX-License-Identifier: Apache-2.0
// What goes by datagrams: the probes and news of the overlay's members (SWIM), and questions about an instance that
// every node with an oracle answers, leaves too. The byte form is a seam (gossip_form), so that actors know neither
// Protobuf nor keys; wire/gossip_seal stands behind it everywhere.
#pragma once

#include "messages/oracle.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace argentum {

/// One member's state as somebody believes it. Of one that is not alive only name, process, incarnation and state
/// travel: whoever knows it knows the rest.
struct member_news {
  member who;
  std::string by; ///< who accuses, if it is suspect or dead: independent accusers count
  friend bool operator==(const member_news&, const member_news&) = default;
};

/// Nothing but news.
struct gossip_round {
  friend bool operator==(const gossip_round&, const gossip_round&) = default;
};

/// Are you there? Answered by `target` alone, or by whoever gets it if that is empty (a seed, whose name is
/// unknown).
struct probe {
  std::uint64_t token = 0;
  std::string target;
  friend bool operator==(const probe&, const probe&) = default;
};
/// Yes; goes to where the probe came from.
struct probe_answer {
  std::uint64_t token = 0;
  coordinate where;       ///< of the one that was probed
  std::uint64_t view = 0; ///< a hash of who lives, as it knows
  friend bool operator==(const probe_answer&, const probe_answer&) = default;
};
/// Probe `target` for me, and hand me its answer.
struct probe_request {
  std::uint64_t token = 0;
  contact target;
  friend bool operator==(const probe_request&, const probe_request&) = default;
};
/// It has not answered me yet: so I am well, and so is the path between us (Lifeguard's nack).
struct probe_missed {
  std::uint64_t token = 0;
  friend bool operator==(const probe_missed&, const probe_missed&) = default;
};

/// How is this instance with you? Anybody may ask.
struct status_query {
  std::uint64_t token = 0;
  std::string instance;
  friend bool operator==(const status_query&, const status_query&) = default;
};
struct status_answer {
  std::uint64_t token = 0;
  std::string node;
  node_role role = node_role::intermediate;
  std::string datacenter;
  coordinate where;
  std::optional<instance_status> status; ///< none: it has no such instance, or nobody can follow it there
  friend bool operator==(const status_answer&, const status_answer&) = default;
};

using gossip_body =
    std::variant<gossip_round, probe, probe_answer, probe_request, probe_missed, status_query, status_answer>;

struct gossip_message {
  std::string from;          ///< node
  std::uint64_t process = 0; ///< as member::process; 0: no member (a leaf)
  gossip_body body;
  std::vector<member_news> news; ///< as many as fit
  friend bool operator==(const gossip_message&, const gossip_message&) = default;
};

/// What a seal adds to a message.
inline constexpr std::size_t gossip_seal_bytes = 20;
/// Bounds of what they take in a datagram, close enough to fill one by.
std::size_t bytes_at_most(const member_news& news) noexcept;
std::size_t bytes_at_most(const gossip_message& message) noexcept;

/// What a full state says of one member.
struct member_report {
  member who;
  std::chrono::milliseconds age{0}; ///< of what follows, since the member said it
  std::vector<instance_status> statuses;
  friend bool operator==(const member_report&, const member_report&) = default;
};

/// Close to what it takes.
std::size_t bytes_at_most(const member_report& report) noexcept;

/// Why bytes are dropped.
enum class seal_fault : std::uint8_t {
  malformed = 1,   ///< no message, or of a version that we do not know
  unauthentic = 2, ///< signed by none of our keys, or not at all
};

/// Messages to bytes and back, signed if there are keys. Any thread.
struct gossip_form {
  std::function<std::string(const gossip_message&)> seal;
  std::function<std::variant<gossip_message, seal_fault>(std::string_view)> open;
  std::function<std::string(const std::vector<member_report>&)> seal_state;
  std::function<std::variant<std::vector<member_report>, seal_fault>(std::string_view)> open_state;
};

} // namespace argentum
