// SPDX-License-Identifier: Apache-2.0
// One picture of a node for INFO, STATUS, /readyz, /status.json and /metrics, taken from the metrics and read
// views.
#pragma once

#include "actors/node/node.hpp"
#include "messages/metrics.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace argentum::net {

/// What the listeners of one node know of it.
struct node_picture {
  std::string name;
  node_role role = node_role::leaf;
  std::string version;
  std::vector<actors::instance_handle> instances;
  std::shared_ptr<node_metrics> metrics;
  std::shared_ptr<const oracle_slot> oracle{}; ///< null: not shown here
  std::chrono::system_clock::time_point started = std::chrono::system_clock::now();
};

struct instance_status {
  std::string name;
  instance_role role = instance_role::replica;      ///< wanted
  instance_role data_role = instance_role::replica; ///< of the data in use
  bool root = false;
  index_t index = 0;
  index_t durable = 0;
  index_t horizon = 0;
  std::uint64_t keys = 0;
  std::uint64_t lag_entries = 0; ///< behind the root's head, as last heard of
  std::int64_t lag_ms = 0;       ///< age of this node's state on the root's clock; 0 when at the root's head
  std::int64_t news_age_ms = 0;  ///< since the root was last heard of; -1 = never
  bool upstream_connected = false;
  bool bootstrapping = false;
  bool diverged = false;
  std::int64_t downstreams = 0;
  std::int64_t downstream_lag_entries = 0; ///< of the slowest
  index_t downstream_durable = 0;          ///< all of them keep it on disk; 0 = nobody follows
  std::string upstream;
  std::string path;
  std::string last_error;
  std::string not_ready; ///< why it is not ready; empty = ready
};

/// An instance with a sequencer is the root's. Others are ready once they have heard of the root and hold its data.
/// Ages do not depend on wall clocks: neither the node's nor, between its news, the root's.
instance_status status_of(const actors::instance_handle& instance, std::chrono::steady_clock::time_point now);

/// The node and its instances as JSON, for STATUS and /status.json.
std::string status_text(const node_picture& node);

/// Prometheus' text format.
std::string metrics_text(const node_picture& node);

/// Resident memory of this process in bytes; 0 if the system does not say.
std::uint64_t resident_bytes();

} // namespace argentum::net
