// SPDX-License-Identifier: Apache-2.0
// Nodes of one instance over the fake network, in a deterministic system: what actors/node composes, as far as
// writes and replication go, on stores in memory.
#pragma once

#include "actors/replication/replication_sink.hpp"
#include "actors/replication/replication_source.hpp"
#include "actors/write/compactor.hpp"
#include "actors/write/disk_syncer.hpp"
#include "actors/write/sequencer.hpp"
#include "actors/write/storage_actor.hpp"
#include "storage/memory_home.hpp"
#include "tests/support/deterministic.hpp"
#include "tests/support/fake_transport.hpp"
#include "tests/support/faulty_store.hpp"

#include <map>
#include <string>

namespace argentum::test {

inline constexpr instance_id tree_id{1, 2};

struct node_shape {
  std::vector<std::string> upstreams = {}; ///< none: the root
  instance_role role = instance_role::replica;
  storage::log_retention log{std::chrono::hours{24}, 1ull << 40};
  instance_id id{}; ///< adopted at the start; the root always has one
  std::chrono::milliseconds stale_after = limits::upstream_stale_after;
  std::chrono::milliseconds history_span = limits::history_span;
  node_role place = node_role::intermediate; ///< of one that follows
  oracle_port oracle{};                      ///< instead of upstreams
  std::size_t downstreams_max = limits::downstreams_max;
};

struct test_node {
  std::string name;
  node_shape shape;
  std::shared_ptr<storage::memory_disk> disk = std::make_shared<storage::memory_disk>();
  std::shared_ptr<disk_faults> faults = std::make_shared<disk_faults>();
  std::shared_ptr<instance_metrics> metrics;
  std::shared_ptr<storage::view_slot> view;
  syncer_port syncer;
  store_port store;
  sequencer_port sequencer;
  source_port source;
  sink_port sink;

  /// The sequencer as the scheduler sees it.
  caf::resumable* sequencer_job() const {
    return dynamic_cast<caf::resumable*>(caf::actor_cast<caf::abstract_actor*>(sequencer));
  }
};

class tree {
 public:
  test_node& add(const std::string& name, node_shape shape = {});
  test_node& at(const std::string& name) { return nodes_.at(name); }
  /// Exits the node's actors; its disk stays.
  void stop(const std::string& name);
  void start(const std::string& name);

  /// A write at a root, answered.
  caf::expected<write_result> write(const std::string& root, std::vector<write_op> ops);
  index_t put(const std::string& root, const std::string& key, const std::string& value);
  /// Many small writes at once.
  void fill(const std::string& root, int first, int count, std::size_t value_bytes = 10);

  index_t applied(const std::string& name) { return at(name).view->load()->applied(); }
  storage::store_digest digest(const std::string& name) { return *at(name).view->load()->digest(); }
  bool level(const std::string& a, const std::string& b) { return digest(a) == digest(b); }
  std::string value(const std::string& name, const std::string& key);

  std::chrono::microseconds clock_error{0}; ///< of the wall clock
  deterministic system;
  fake_network network{system};

 private:
  std::map<std::string, test_node> nodes_;
};

} // namespace argentum::test
