// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "messages/limits.hpp"
#include "messages/metrics.hpp"
#include "messages/ports.hpp"
#include "messages/transport.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>

namespace argentum::actors {

struct sink_config {
  std::string instance;
  std::string node;
  instance_role role = instance_role::replica;
  std::vector<std::string> upstreams; ///< peer addresses in order of preference
  std::chrono::milliseconds stale_after = limits::upstream_stale_after;
  std::uint64_t seed = 0; ///< of the jitter
  std::shared_ptr<instance_metrics> metrics;
};

struct sink_state {
  static inline const char* name = "argentum.sink";
  explicit sink_state(sink_port::pointer self);

  sink_port::pointer self;
};

/// `source` is invalid on a proxy.
sink_port::behavior_type replication_sink(sink_port::stateful_pointer<sink_state> self, sink_config config,
                                          store_port store, router_port router,
                                          std::shared_ptr<peer_transport> transport, source_port source);

} // namespace argentum::actors
