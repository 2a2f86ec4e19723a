// SPDX-License-Identifier: Apache-2.0
// Answers proxies from a replica's data and history, as far as both are on the same log. It reads the disk, so it
// has a thread of its own (node.cpp detaches it); it never waits for anything else. An answer goes out in parts of
// about limits::batch_bytes so that heartbeats on the same link are not late, and stops at
// limits::lookup_answer_bytes: the rest is answered `later`, which bounds what one request can put into a link's
// outbox. A request that waited here, or a part of it that takes, longer than the proxy waits is not answered.
// Uses: the read view and the transport.
#pragma once

#include "actors/lookup/common_history.hpp"
#include "messages/metrics.hpp"
#include "messages/ports.hpp"
#include "messages/transport.hpp"
#include "storage/store.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace argentum::actors {

struct lookup_server_config {
  std::string instance;
  std::shared_ptr<instance_metrics> metrics;
};

struct lookup_server_state {
  static inline const char* name = "argentum.lookup_server";

  explicit lookup_server_state(lookup_server_port::pointer owner) : self(owner) {}

  void on_request(link_id link, const lookup_request& request);
  common_history::extent common_with(const lookup_request& request,
                                     const std::shared_ptr<const storage::read_view>& view);
  lookup_answer answer(const storage::read_view& view, const lookup_item& item) const;
  void count(const lookup_answer& answer) const;
  std::chrono::steady_clock::time_point now() const { return self->clock().now(); }

  lookup_server_port::pointer self;
  lookup_server_config config;
  std::shared_ptr<const storage::view_slot> view;
  std::shared_ptr<peer_transport> transport;
  common_history history;
};

lookup_server_port::behavior_type lookup_server(lookup_server_port::stateful_pointer<lookup_server_state> self,
                                                lookup_server_config config,
                                                std::shared_ptr<const storage::view_slot> view,
                                                std::shared_ptr<peer_transport> transport);

} // namespace argentum::actors
