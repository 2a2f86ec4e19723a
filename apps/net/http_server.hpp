// SPDX-License-Identifier: Apache-2.0
// The node's window for scrapers and balancers: /healthz, /readyz, /metrics, /status.json, /oracle.json,
// /working_set.json. Small on purpose: GET and HEAD only, bounded headers, no bodies, a time-out on every
// connection.
#pragma once

#include "actors/node/node.hpp"
#include "apps/net/address.hpp"
#include "apps/net/event_loops.hpp"

#include <memory>
#include <string>
#include <vector>

namespace argentum::net {

struct http_server_config {
  address listen;
  std::string node_name;
  node_role role = node_role::leaf;
  std::string version;
  std::shared_ptr<const oracle_slot> oracle; ///< null: there is none
};

class http_server {
 public:
  /// Listens when it returns; errors as resp_server::start.
  static caf::expected<std::unique_ptr<http_server>> start(http_server_config config, event_loops& loops,
                                                           std::vector<actors::instance_handle> instances,
                                                           std::shared_ptr<node_metrics> metrics);
  /// Stops.
  ~http_server();

  std::uint16_t port() const noexcept;
  /// Closes all connections and returns when none is left. Not from an event loop.
  void stop();

 private:
  struct parts;
  explicit http_server(std::unique_ptr<parts> parts);
  std::unique_ptr<parts> parts_;
};

} // namespace argentum::net
