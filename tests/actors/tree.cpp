// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/tree.hpp"

namespace argentum::test {

test_node& tree::add(const std::string& name, node_shape shape) {
  auto& node = nodes_[name];
  node.name = name;
  node.shape = std::move(shape);
  start(name);
  return node;
}

void tree::start(const std::string& name) {
  auto& node = at(name);
  const auto& shape = node.shape;
  auto root = shape.upstreams.empty() && !shape.oracle;
  auto home = std::make_unique<storage::memory_home>(node.disk, shape.role);
  std::unique_ptr<storage::store> store =
      std::make_unique<faulty_store>(std::move(*home->open_current()), node.faults);
  auto id = root && !shape.id.known() ? tree_id : shape.id;
  if (id.known()) static_cast<void>(store->adopt(id));
  node.metrics = std::make_shared<instance_metrics>();
  node.view = std::make_shared<storage::view_slot>(store->view());
  auto wall_now = [this] {
    return stamp_t{std::chrono::hours{450'000} + std::chrono::duration_cast<std::chrono::microseconds>(system.now())
                   + clock_error};
  };
  auto transport = network.transport(name);
  node.syncer = system.spawn(actors::disk_syncer);
  node.store =
      system.spawn(actors::storage_actor, actors::storage_config{"i", shape.log, node.metrics}, std::move(home),
                   std::move(store), node.view, node.syncer, system.spawn(actors::compactor));
  if (shape.role == instance_role::replica) {
    auto role = root ? node_role::root : node_role::intermediate;
    node.source =
        system.spawn(actors::replication_source,
                     actors::source_config{"i", name, role, wall_now, node.metrics, shape.downstreams_max, 7},
                     node.store, transport);
  }
  if (root) {
    actors::sequencer_config config;
    config.metrics = node.metrics;
    node.sequencer = system.spawn(actors::sequencer, config, node.store, node.view, wall_now);
  } else {
    actors::sink_config config{
        "i",          name,        shape.role, shape.upstreams, shape.stale_after, 7, shape.history_span,
        node.metrics, shape.place, name,       shape.oracle};
    node.sink =
        system.spawn(actors::replication_sink, config, node.store, network.router(name), transport, node.source);
  }
  network.attach(name, {node.source, node.sink});
}

void tree::stop(const std::string& name) {
  auto& node = at(name);
  network.isolate(name);
  system.settle();
  network.attach(name, {});
  if (node.sequencer) system.stop(node.sequencer);
  if (node.sink) system.stop(node.sink);
  if (node.source) system.stop(node.source);
  system.stop(node.store);
  system.stop(node.syncer);
  network.reconnect(name);
}

caf::expected<write_result> tree::write(const std::string& root, std::vector<write_op> ops) {
  caf::expected<write_result> out{make_error(errc::unavailable, "no answer")};
  auto reply = reply_to<write_result>{[&](caf::expected<write_result> answer) { out = std::move(answer); }};
  system.tell(at(root).sequencer, write_command{std::move(ops), std::move(reply)});
  return out;
}

index_t tree::put(const std::string& root, const std::string& key, const std::string& value) {
  auto done = write(root, {put_op{key, value}});
  return done ? done->index : 0;
}

void tree::fill(const std::string& root, int first, int count, std::size_t value_bytes) {
  for (int i = first; i < first + count; ++i)
    caf::anon_send(at(root).sequencer,
                   write_command{{put_op{"key" + std::to_string(i), std::string(value_bytes, 'v')}}, {}});
  system.settle();
}

std::string tree::value(const std::string& name, const std::string& key) {
  std::string out;
  auto answer = at(name).view->load()->get(key, out);
  return answer && answer->status == storage::read_status::found ? out : std::string{};
}

} // namespace argentum::test
