// SPDX-License-Identifier: Apache-2.0
// What the virtual network is made of; for sim_network.cpp alone.
#pragma once

#include "apps/sim/sim_network.hpp"

#include <optional>

namespace argentum::sim {

enum class item_kind : std::uint8_t { accept, dialled, data, closed };

/// A message on its way, perhaps to several receivers: encoded once, decoded once.
struct sim_network::parcel {
  std::string bytes;
  std::optional<peer_message> decoded; ///< by the first who gets it
};

struct sim_network::item {
  item_kind kind = item_kind::data;
  std::shared_ptr<parcel> what; ///< of data
  vtime arrival{0};
  std::size_t size() const noexcept { return what ? what->bytes.size() : 0; }
};

/// A machine and the process on it.
struct sim_network::host {
  std::string address;
  std::size_t number = 0;
  std::shared_ptr<peer_inbox> inbox; ///< null: no process
  std::weak_ptr<port> transport;     ///< of the process
  bool dark = false;                 ///< no power
  bool frozen = false;
};

/// One direction between two machines.
struct sim_network::direction {
  path_shape shape;
  path_shape usual;
  bool cut = false;
};

/// What is on its way to one end.
struct sim_network::stream {
  stream(link* l, int leads_to) : of(l), side(leads_to) {}
  link* of;
  int side; ///< that it leads to
  std::deque<item> items;
  vtime last_arrival{0};
  vtime free_at{0}; ///< when the sender's interface has sent all of it
  std::size_t unread_bytes = 0;
  bool scheduled = false;
};

struct sim_network::link {
  std::uint64_t number = 0;
  link_id ids[2];
  host* owners[2] = {};
  direction* ways[2] = {}; ///< by the side that they lead to
  bool open[2] = {true, false};
  bool established = false; ///< the dialler knows
  stream to[2] = {{this, 0}, {this, 1}};
};

} // namespace argentum::sim
