// SPDX-License-Identifier: Apache-2.0
// The server that Redis clients talk to: accepts, spreads the sessions over the event loops, drops those that
// stall, drains. The admin listener is the same server with more commands.
//
// Order of ending: drain or stop this, then the node's actors, then the event loops: sessions hold ports of actors
// and sockets of loops.
#pragma once

#include "actors/node/node.hpp"
#include "apps/net/address.hpp"
#include "apps/net/event_loops.hpp"
#include "messages/limits.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace argentum::net {

struct resp_server_config {
  address listen;
  std::string node_name;
  node_role role = node_role::leaf;
  std::string root_name; ///< text for READONLY; empty: "unknown"
  std::string version;
  bool admin = false;                ///< STATUS and SHUTDOWN too
  std::function<void()> on_shutdown; ///< admin only; runs on an event loop: it must not wait
  /// Admin only: INSTANCE ROLE, by the instance's number. What to answer, or why not; must not wait either.
  std::function<caf::expected<std::string>(std::size_t, instance_role)> on_role;
  bool flush = false;                ///< FLUSHDB and FLUSHALL are allowed
  actors::access_feed accesses;      ///< where sampled reads go
  std::size_t clients_max = limits::clients_max;
  std::chrono::milliseconds client_stalled_max = limits::client_stalled_max;
  std::chrono::milliseconds client_idle_max{0}; ///< 0 = no limit
  std::size_t outbox_pause_bytes = limits::client_outbox_pause_bytes;
  std::size_t clients_bytes_max = limits::clients_bytes_max; ///< of buffers, of all clients together
  std::size_t pending_max = limits::client_pending_max;
  std::size_t key_bytes_max = limits::key_bytes_max;
  std::size_t value_bytes_max = limits::value_bytes_max;
};

class resp_server {
 public:
  /// Listens when it returns. errc::unavailable with the system's reason if the address cannot be used;
  /// errc::invalid if the host is no IP address and cannot be resolved.
  static caf::expected<std::unique_ptr<resp_server>> start(resp_server_config config, event_loops& loops,
                                                           std::vector<actors::instance_handle> instances,
                                                           std::shared_ptr<node_metrics> metrics);
  /// Stops.
  ~resp_server();

  /// The real one, if port 0 was asked for.
  std::uint16_t port() const noexcept;

  /// Stops accepting and reading, lets what was received be answered, flushes and closes; waits for that until
  /// `deadline`, then stops. Not from an event loop.
  void drain(std::chrono::steady_clock::time_point deadline);
  /// Closes all at once and returns when no session is left. Not from an event loop.
  void stop();

 private:
  struct parts;
  explicit resp_server(std::unique_ptr<parts> parts);
  std::unique_ptr<parts> parts_;
};

} // namespace argentum::net
