// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/node/tree.hpp"

#include "tests/support/wait_until.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <future>

namespace argentum::test {

using namespace std::chrono_literals;

actors::instance_config instance(const std::string& name, instance_role role) {
  actors::instance_config config;
  config.name = name;
  config.role = role;
  config.log = actors::default_retention(node_role::leaf);
  return config;
}

const actors::instance_handle& tree_node::instance(const std::string& name) const {
  for (auto& each : running->instances()) {
    if (each.name == name) return each;
  }
  FAIL("no instance " << name);
  std::abort();
}

tree::~tree() {
  for (auto& [name, node] : nodes_) {
    if (node.running) stop(name);
  }
}

actors::node_env tree::env(const std::string& name) {
  actors::node_env env;
  env.wall_now = [] { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); };
  env.transport = network_.join(name);
  env.seed = ++seed_;
  env.detach_blocking = detach_;
  env.on_failure = [this](const std::string& what) {
    std::lock_guard lock{mutex_};
    failures_ += what + "\n";
  };
  env.open_home = [this, name](const actors::instance_config& instance) {
    auto& disk = nodes_[name].disks[instance.name];
    if (!disk) disk = std::make_shared<storage::memory_disk>();
    nodes_[name].roles[instance.name] = instance.role;
    std::unique_ptr<storage::store_home> home =
        std::make_unique<storage::memory_home>(disk, instance.role, storage::window_limits{0us, 1});
    return caf::expected<std::unique_ptr<storage::store_home>>{std::move(home)};
  };
  return env;
}

tree_node& tree::start(actors::node_config config) {
  auto name = config.name;
  auto started = actors::node::start(system_, std::move(config), env(name));
  REQUIRE_MESSAGE(started, describe(started.error()));
  auto& node = nodes_[name];
  node.running = std::move(*started);
  network_.attach(name, node.running->inbox());
  return node;
}

void tree::stop(const std::string& name) {
  auto& node = nodes_.at(name);
  std::vector<std::weak_ptr<const storage::view_slot>> views;
  for (auto& each : node.running->instances()) views.push_back(each.view);
  node.running->stop();
  network_.leave(name);
  for (auto& view : views) REQUIRE(wait_until([&] { return view.expired(); }));
  node.running.reset();
}

index_t tree::put(const std::string& node, const std::string& instance, const std::string& key,
                  const std::string& value) {
  std::promise<caf::expected<write_result>> answer;
  caf::anon_send(at(node).instance(instance).sequencer,
                 write_command{{put_op{key, value}}, reply_to<write_result>{[&](caf::expected<write_result> r) {
                                 answer.set_value(std::move(r));
                               }}});
  auto result = answer.get_future().get();
  REQUIRE_MESSAGE(result, describe(result.error()));
  return result->index;
}

bool tree::reaches(const std::string& node, const std::string& instance, index_t index) {
  std::promise<caf::expected<index_t>> answer;
  caf::anon_send(
      at(node).instance(instance).store,
      wait_index{index, 20s, reply_to<index_t>{[&](caf::expected<index_t> r) { answer.set_value(std::move(r)); }}});
  auto result = answer.get_future().get();
  return result && *result >= index;
}

void tree::catch_up_and_evict(const std::string& node, const std::string& instance, const std::string& key) {
  auto& stopped = at(node);
  REQUIRE_FALSE(stopped.running);
  storage::memory_home home{stopped.disks.at(instance), stopped.roles.at(instance), storage::window_limits{0us, 1}};
  auto store = home.open_current();
  REQUIRE(store);
  caf::scoped_actor self{system_};
  self->request(at("root").instance(instance).store, caf::infinite,
                read_log{(*store)->report().applied.index, limits::batch_bytes})
      .receive([&](const log_slice& slice) { REQUIRE((*store)->apply(*slice.run, true)); },
               [](const caf::error& error) { FAIL(describe(error)); });
  auto evicted = (*store)->evict(key);
  REQUIRE(evicted);
  CHECK(*evicted);
}

std::string tree::failures() {
  std::lock_guard lock{mutex_};
  return failures_;
}

} // namespace argentum::test
