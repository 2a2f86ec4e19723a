// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "messages/metrics.hpp"
#include "messages/ports.hpp"
#include "messages/transport.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <memory>

namespace argentum::actors {

struct source_config {
  std::string instance;
  std::string node;
  node_role role = node_role::intermediate;
  std::function<stamp_t()> wall_now; ///< root only
  std::shared_ptr<instance_metrics> metrics;
};

struct source_state {
  static inline const char* name = "argentum.source";
  explicit source_state(source_port::pointer self);

  source_port::pointer self;
};

source_port::behavior_type replication_source(source_port::stateful_pointer<source_state> self,
                                              source_config config, store_port store,
                                              std::shared_ptr<peer_transport> transport);

} // namespace argentum::actors
