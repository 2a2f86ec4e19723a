// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/node/tree.hpp"
#include "tests/support/wait_until.hpp"

#include <caf/actor_registry.hpp>
#include <caf/send.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <future>

using namespace argentum;
using namespace argentum::test;

namespace {

actors::node_config root() {
  actors::node_config config;
  config.name = "root";
  config.role = node_role::root;
  config.instances = {instance("a"), instance("b")};
  return config;
}

actors::node_config intermediate(const std::string& name) {
  auto config = root();
  config.name = name;
  config.role = node_role::intermediate;
  config.upstreams = {"root"};
  return config;
}

actors::node_config replica_leaf() {
  auto config = root();
  config.name = "replica";
  config.role = node_role::leaf;
  config.upstreams = {"middle-1", "middle-2"};
  return config;
}

/// Instance a as a proxy, b as a replica, over one link.
actors::node_config proxy_leaf() {
  auto config = replica_leaf();
  config.name = "proxy";
  config.upstreams = {"middle-2", "middle-1"};
  config.replicas = {"replica"};
  config.instances[0].role = instance_role::proxy;
  return config;
}

void start_all(tree& nodes) {
  nodes.start(root());
  nodes.start(intermediate("middle-1"));
  nodes.start(intermediate("middle-2"));
  nodes.start(replica_leaf());
  nodes.start(proxy_leaf());
}

std::string value_at(tree& nodes, const std::string& node, const std::string& name, const std::string& key) {
  std::string value;
  auto answer = nodes.at(node).view(name)->get(key, value);
  REQUIRE(answer);
  if (answer->status == storage::read_status::found) return value;
  return answer->status == storage::read_status::absent ? "(absent)" : "(evicted)";
}

caf::expected<std::vector<std::string>> fetch(tree& nodes, const std::string& node, const std::string& key,
                                              index_t version, data_source read_from) {
  std::promise<caf::expected<std::vector<std::string>>> answer;
  using reply = reply_to<std::vector<std::string>>;
  reply to{[&](auto values) { answer.set_value(std::move(values)); }};
  caf::anon_send(nodes.at(node).instance("a").now->load()->fetch,
                 fetch_command{{{key, version}}, std::move(read_from), std::move(to)});
  return answer.get_future().get();
}

const std::vector<std::string> all_nodes{"root", "middle-1", "middle-2", "replica", "proxy"};

} // namespace

TEST_CASE("a tree gives every node what was written at the root") {
  bool detach = true;
  SUBCASE("with threads for what blocks") {
    detach = true;
  }
  SUBCASE("with none, as in a simulation") {
    detach = false;
  }
  tree nodes{detach};
  start_all(nodes);
  index_t a = 0;
  index_t b = 0;
  for (int n = 0; n < 200; ++n) {
    a = nodes.put("root", "a", "key" + std::to_string(n), "value" + std::to_string(n));
    if (n % 2 == 0) b = nodes.put("root", "b", "other" + std::to_string(n), std::string(2000, 'x'));
  }
  CHECK(a == 200);
  CHECK(b == 100);
  auto digest_a = nodes.at("root").view("a")->digest();
  auto digest_b = nodes.at("root").view("b")->digest();
  REQUIRE(digest_a);
  for (auto& name : all_nodes) {
    CAPTURE(name);
    REQUIRE(nodes.reaches(name, "a", a));
    REQUIRE(nodes.reaches(name, "b", b));
    CHECK(value_at(nodes, name, "a", "key7") == "value7");
    CHECK(value_at(nodes, name, "a", "nothing") == "(absent)");
    CHECK(*nodes.at(name).view("a")->digest() == *digest_a);
    CHECK(*nodes.at(name).view("b")->digest() == *digest_b);
  }
  CHECK(nodes.failures() == "");
}

TEST_CASE("a proxy's miss is answered by a replica, and cached") {
  tree nodes;
  start_all(nodes);
  auto version = nodes.put("root", "a", "key", "value");
  for (auto& name : all_nodes) REQUIRE(nodes.reaches(name, "a", version));
  nodes.stop("proxy");
  auto head = nodes.put("root", "a", "later", "x"); // moves `key` out of the window
  REQUIRE(nodes.reaches("replica", "a", head));
  nodes.catch_up_and_evict("proxy", "a", "key");
  nodes.start(proxy_leaf());
  CHECK(value_at(nodes, "proxy", "a", "key") == "(evicted)");
  auto values = fetch(nodes, "proxy", "key", version, nodes.at("proxy").view("a"));
  REQUIRE_MESSAGE(values, describe(values.error()));
  CHECK(*values == std::vector<std::string>{"value"});
  CHECK(wait_until([&] { return value_at(nodes, "proxy", "a", "key") == "value"; }));
  auto& fills = nodes.at("proxy").instance("a").metrics->fills; // counted a moment after the value can be read
  CHECK(wait_until([&] { return fills.value() == 1; }));
  CHECK(nodes.at("replica").instance("a").metrics->lookups_served.value() == 1);
}

TEST_CASE("a proxy that becomes a replica fetches what it lacks until it has it all") {
  tree nodes;
  start_all(nodes);
  auto version = nodes.put("root", "a", "key", "value");
  for (auto& name : all_nodes) REQUIRE(nodes.reaches(name, "a", version));
  nodes.stop("proxy");
  nodes.put("root", "a", "later", "x");
  nodes.catch_up_and_evict("proxy", "a", "key");
  auto config = proxy_leaf();
  config.instances[0].role = instance_role::replica;
  config.replicas = {}; // then the upstreams are asked
  auto before = nodes.start(config).view("a");
  std::string value;
  if (before->get("key", value)->status == storage::read_status::evicted) { // else the copy was faster
    auto values = fetch(nodes, "proxy", "key", version, before);
    REQUIRE_MESSAGE(values, describe(values.error()));
    CHECK(*values == std::vector<std::string>{"value"});
  }
  before.reset();
  auto& a = nodes.at("proxy").instance("a");
  CHECK(wait_until([&] { return a.metrics->snapshots_received.value() == 1; }));
  CHECK(value_at(nodes, "proxy", "a", "key") == "value");
  CHECK(*a.view->load()->digest() == *nodes.at("root").view("a")->digest());
}

TEST_CASE("an instance changes its role and back while the node serves") {
  tree nodes;
  start_all(nodes);
  auto version = nodes.put("root", "a", "key", "value");
  for (auto& name : all_nodes) REQUIRE(nodes.reaches(name, "a", version));
  auto& proxy = *nodes.at("proxy").running;
  auto& a = nodes.at("proxy").instance("a");
  auto is_through = [&](instance_role role) {
    return wait_until([&] {
      auto now = a.now->load();
      bool replica = role == instance_role::replica;
      return (a.metrics->replica_data.value() == 1) == replica && !now->fetch == replica && !now->source != replica;
    });
  };
  REQUIRE_FALSE(proxy.change_role(0, instance_role::replica));
  CHECK(a.role() == instance_role::replica);
  REQUIRE(is_through(instance_role::replica));
  auto second = nodes.put("root", "a", "second", "x");
  REQUIRE(nodes.reaches("proxy", "a", second));
  CHECK(*a.view->load()->digest() == *nodes.at("root").view("a")->digest());
  REQUIRE_FALSE(proxy.change_role(0, instance_role::proxy));
  REQUIRE(is_through(instance_role::proxy));
  auto third = nodes.put("root", "a", "third", "x");
  REQUIRE(nodes.reaches("proxy", "a", third));
  CHECK(value_at(nodes, "proxy", "a", "key") == "(evicted)");
  auto values = fetch(nodes, "proxy", "key", version, nodes.at("proxy").view("a"));
  REQUIRE_MESSAGE(values, describe(values.error()));
  CHECK(*values == std::vector<std::string>{"value"});
  CHECK(a.metrics->snapshots_received.value() == 2);
  CHECK(nodes.failures() == "");
}

TEST_CASE("a change of mind on the way costs nothing") {
  tree nodes;
  start_all(nodes);
  auto& proxy = *nodes.at("proxy").running;
  for (auto role : {instance_role::replica, instance_role::proxy, instance_role::replica, instance_role::proxy})
    REQUIRE_FALSE(proxy.change_role(0, role));
  auto& a = nodes.at("proxy").instance("a");
  CHECK(wait_until([&] { return !a.now->load()->source && a.metrics->replica_data.value() == 0; }));
  REQUIRE(nodes.reaches("proxy", "a", nodes.put("root", "a", "key", "value")));
  CHECK(nodes.failures() == "");
}

TEST_CASE("a role that the config does not allow is refused") {
  tree nodes;
  start_all(nodes);
  auto refused = [&](const std::string& name) {
    return text_of(nodes.at(name).running->change_role(0, instance_role::proxy));
  };
  CHECK(refused("root").starts_with("instance 'a' is a proxy on the root"));
  CHECK(refused("middle-1").starts_with("instance 'a' is a proxy on the intermediate"));
  CHECK(refused("replica").starts_with("instance 'a' is a proxy and there are no replicas to ask"));
  CHECK_FALSE(nodes.at("root").running->change_role(0, instance_role::replica));
}

TEST_CASE("a root does not start from a proxy's data") {
  tree nodes;
  start_all(nodes);
  nodes.stop("proxy");
  auto config = root();
  auto env = nodes.env("proxy");
  auto started = actors::node::start(nodes.system(), config, std::move(env));
  REQUIRE_FALSE(started);
  CHECK(code_of(started.error()) == errc::wrong_role);
  CHECK(text_of(started.error()).starts_with("instance a: "));
}

TEST_CASE("handles are given by role") {
  tree nodes;
  start_all(nodes);
  for (auto& name : all_nodes) {
    CAPTURE(name);
    auto& a = nodes.at(name).instance("a");
    CHECK(static_cast<bool>(a.sequencer) == (name == "root"));
    CHECK(static_cast<bool>(a.now->load()->fetch) == (name == "proxy"));
    CHECK(static_cast<bool>(a.store));
    CHECK(a.view->load() != nullptr);
    CHECK(nodes.at(name).running->metrics() != nullptr);
  }
  CHECK(nodes.at("proxy").instance("b").role() == instance_role::replica);
  CHECK(nodes.at("root").running->process() != nodes.at("proxy").running->process());
}

TEST_CASE("a node that stopped goes on from where it was") {
  tree nodes;
  start_all(nodes);
  auto first = nodes.put("root", "a", "k", "1");
  for (auto& name : all_nodes) REQUIRE(nodes.reaches(name, "a", first));
  nodes.stop("middle-1"); // the replica leaf goes over to middle-2
  nodes.stop("proxy");
  auto second = nodes.put("root", "a", "k", "2");
  REQUIRE(nodes.reaches("replica", "a", second));
  nodes.start(intermediate("middle-1"));
  nodes.start(proxy_leaf());
  REQUIRE(nodes.reaches("middle-1", "a", second));
  REQUIRE(nodes.reaches("proxy", "a", second));
  CHECK(value_at(nodes, "proxy", "a", "k") == "2");
  CHECK(nodes.at("middle-1").instance("a").metrics->snapshots_received.value() == 0);
}

TEST_CASE("a root keeps the identity that it drew") {
  tree nodes;
  nodes.start(root());
  nodes.put("root", "a", "k", "1");
  nodes.stop("root");
  auto id = [&](const std::string& name) {
    storage::memory_home home{nodes.at("root").disks.at(name), instance_role::replica};
    auto store = home.open_current();
    REQUIRE(store);
    return (*store)->report().id;
  };
  auto a = id("a");
  CHECK(a.known());
  CHECK(a != id("b"));
  nodes.start(root());
  CHECK(nodes.put("root", "a", "k", "2") == 2);
  nodes.stop("root");
  CHECK(id("a") == a);
}

TEST_CASE("a stop loses nothing that was acknowledged, not even what the disk had not synced") {
  tree nodes;
  auto config = root();
  config.instances[0].commit = actors::durability::os;
  nodes.start(config);
  std::atomic<std::uint64_t> acknowledged{0};
  std::string large(256 * limits::kib, 'x'); // 200 of them are several commit groups
  auto& sequencer = nodes.at("root").instance("a").sequencer;
  for (int n = 0; n < 200; ++n) {
    reply_to<write_result> reply{[&](caf::expected<write_result> r) {
      if (r) acknowledged = std::max(acknowledged.load(), r->index);
    }};
    caf::anon_send(sequencer, write_command{{put_op{"key" + std::to_string(n), large}}, std::move(reply)});
  }
  REQUIRE(wait_until([&] { return acknowledged > 0; }));
  nodes.stop("root"); // while it may still be writing
  nodes.at("root").disks.at("a")->crash();
  nodes.start(config);
  CHECK(nodes.at("root").view("a")->applied() >= acknowledged);
}

TEST_CASE("an actor that ends by itself is reported once") {
  tree nodes;
  nodes.start(root());
  auto store = nodes.at("root").instance("b").store;
  caf::anon_send_exit(store, caf::exit_reason::kill);
  REQUIRE(wait_until([&] { return !nodes.failures().empty(); }));
  CHECK(nodes.failures().starts_with("the storage of instance b has ended: "));
  store = store_port{};
  nodes.stop("root");
  auto failures = nodes.failures();
  CHECK(std::count(failures.begin(), failures.end(), '\n') == 1);
}

TEST_CASE("a node that cannot open an instance leaves nothing running") {
  tree nodes;
  auto env = nodes.env("root");
  auto open = env.open_home;
  env.open_home =
      [open](const actors::instance_config& which) -> caf::expected<std::unique_ptr<storage::store_home>> {
    if (which.name == "b") return make_error(errc::corrupt, "bad bytes");
    return open(which);
  };
  auto before = nodes.system().registry().running();
  auto started = actors::node::start(nodes.system(), root(), std::move(env));
  REQUIRE_FALSE(started);
  CHECK(describe(started.error()) == "corrupt: instance b: bad bytes");
  CHECK(nodes.system().registry().running() == before);

  auto wrong = root();
  wrong.upstreams = {"x"};
  auto refused = actors::node::start(nodes.system(), wrong, nodes.env("root"));
  REQUIRE_FALSE(refused);
  CHECK(code_of(refused.error()) == errc::invalid);
}
