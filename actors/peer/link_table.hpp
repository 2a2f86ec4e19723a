// SPDX-License-Identifier: Apache-2.0
// The life of each link, as a rule without mailbox or clock:
//
//   dialled:   dialling -> greeting -> open -> closing -> (forgotten)
//   accepted:              greeting -> open -> closing -> (forgotten)
//
// A link is forgotten when the transport reports it broken, from whatever phase.
#pragma once

#include "messages/peer_message.hpp"
#include "messages/types.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace argentum::actors {

enum class link_phase : std::uint8_t {
  dialling, ///< the transport connects
  greeting, ///< connected, the peer's hello is outstanding
  open,     ///< usable
  closing,  ///< hung up, not yet reported broken
};

struct link_row {
  link_phase phase = link_phase::greeting;
  std::string address;                         ///< as dialled; empty for an accepted link
  std::string remote;                          ///< accepted: for logs
  hello peer;                                  ///< once open
  std::chrono::steady_clock::time_point since; ///< begin of dialling or greeting
  std::chrono::steady_clock::time_point heard; ///< last sign of life once open
  std::uint64_t passed = 0;                    ///< messages counted by the gate at that time
  bool dialled() const noexcept { return !address.empty(); }
  /// The peer was let in at some time: no hello without a name is accepted.
  bool was_open() const noexcept { return !peer.node.empty(); }
};

class link_table {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  void dial(link_id link, std::string address, time_point now);
  /// False if limits::links_max accepted links exist already; then nothing is added.
  bool accept(link_id link, std::string remote, time_point now);
  /// The transport has connected; false if that link is not dialling.
  bool connected(link_id link);
  /// The peer's hello was accepted; false if that link is not greeting.
  bool open(link_id link, hello peer, time_point now);
  /// Any sign of life.
  void heard(link_id link, std::uint64_t passed, time_point now);
  /// Hung up; false if it was closing already or is unknown. Its address is free for another dial.
  bool close(link_id link);
  /// Broken: the row as it was, if known.
  std::optional<link_row> forget(link_id link);

  const link_row* find(link_id link) const;
  /// The link to that address that is open or on its way.
  std::optional<link_id> to(const std::string& address) const;
  std::size_t open_count() const noexcept;
  std::vector<link_id> in_phase(link_phase phase) const;
  /// Dialling or greeting for longer than limits::hello_timeout.
  std::vector<link_id> late(time_point now) const;
  /// Open and without a sign of life for limits::link_silence_max.
  std::vector<link_id> silent(time_point now) const;

 private:
  std::map<link_id, link_row> rows_;
  std::map<std::string, link_id> by_address_;
  std::size_t accepted_ = 0;
};

} // namespace argentum::actors
