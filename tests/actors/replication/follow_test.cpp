// SPDX-License-Identifier: Apache-2.0
// Sources and sinks together, over a network that the test controls.
#include "tests/actors/tree.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace std::chrono_literals;
using test::node_shape;

TEST_CASE("what is written at the root arrives on every node, in order, down the whole tree") {
  test::tree t;
  t.add("root");
  t.add("mid", {.upstreams = {"root"}});
  t.add("leaf", {.upstreams = {"mid"}});
  t.add("proxy", {.upstreams = {"mid"}, .role = instance_role::proxy});
  t.fill("root", 0, 100);
  t.system.advance(10s);
  CHECK(t.level("root", "mid"));
  CHECK(t.level("root", "leaf"));
  CHECK(t.applied("proxy") == 100);
  CHECK(t.digest("proxy").keys == t.digest("root").keys);
  t.put("root", "late", "x");
  CHECK(t.value("leaf", "late") == "x");
  CHECK(t.at("leaf").metrics->path.value() == "root > mid > leaf");
  CHECK(t.at("leaf").metrics->root_head_index.value() == 100);
  CHECK(t.at("root").metrics->path.value() == "root");
  CHECK(t.at("root").metrics->root_head_index.value() == 100);
  CHECK(t.at("mid").metrics->downstreams.value() == 2);
}

TEST_CASE("a node that was away resumes by index, from the log of its upstream") {
  test::tree t;
  t.add("root");
  t.add("leaf", {.upstreams = {"root"}});
  t.fill("root", 0, 10);
  t.system.advance(1s);
  t.stop("leaf");
  t.fill("root", 10, 5000, 1000);
  t.stop("root"); // its tail in memory is gone, too
  t.start("root");
  std::vector<index_t> firsts;
  t.network.on_message = [&](const auto&, const auto& to, peer_message& message) {
    if (auto* batch = std::get_if<entry_batch>(&message.body); batch != nullptr && to == "leaf") {
      firsts.push_back(batch->run->front().index);
      CHECK(payload_bytes(*batch->run) <= limits::batch_bytes);
      CHECK(batch->run->size() <= limits::batch_entries_max);
    }
    return true;
  };
  t.start("leaf");
  t.system.advance(2s);
  CHECK(t.level("root", "leaf"));
  REQUIRE_FALSE(firsts.empty());
  CHECK(firsts.front() == 11);
  CHECK(t.at("root").metrics->log_reads.value() >= 4);
  CHECK(t.at("root").metrics->snapshots_sent.value() == 0);
}

TEST_CASE("a node that catches up keeps no history from before its history span") {
  test::tree t;
  t.add("root");
  for (const auto* value : {"1", "2", "3"}) {
    t.put("root", "k", value);
    t.system.advance(10s);
  }
  t.add("leaf", {.upstreams = {"root"}, .history_span = 5s});
  t.system.advance(2s);
  REQUIRE(t.level("root", "leaf"));
  auto view = t.at("leaf").view->load();
  CHECK(view->horizon() == 2);
  CHECK(view->read_at("k", 1)->status == lookup_status::pruned);
  CHECK(view->read_at("k", 2)->value == "2");
  t.put("root", "k", "4");
  CHECK(view->read_at("k", 3)->value == "3");
  CHECK(view->horizon() == 2);
}

TEST_CASE("no wake-up is lost between the log and the tail") {
  test::tree t;
  t.add("root");
  t.fill("root", 0, 3000, 1000);
  t.stop("root");
  t.start("root");
  t.add("leaf", {.upstreams = {"root"}});
  for (int i = 0; i < 200; ++i) { // the leaf catches up from the log while writes go on
    for (int n = 0; n < 5; ++n)
      caf::anon_send(t.at("root").sequencer, write_command{{put_op{std::to_string(i * 5 + n), "x"}}, {}});
    for (int n = 0; n < 7; ++n) t.system.step();
  }
  t.system.settle();
  CHECK(t.applied("leaf") == 4000);
  CHECK(t.level("root", "leaf"));
}

TEST_CASE("small entries are sent in batches of a bounded number") {
  test::tree t;
  t.add("root");
  t.fill("root", 0, 10'000, 1);
  std::size_t largest = 0;
  t.network.on_message = [&](const auto&, const auto&, peer_message& message) {
    if (auto* batch = std::get_if<entry_batch>(&message.body)) largest = std::max(largest, batch->run->size());
    return true;
  };
  t.add("leaf", {.upstreams = {"root"}});
  t.system.settle();
  CHECK(t.level("root", "leaf"));
  CHECK(largest <= limits::batch_entries_max);
}

TEST_CASE("an entry larger than all credit still arrives") {
  test::tree t;
  t.add("root");
  t.add("leaf", {.upstreams = {"root"}});
  t.system.settle();
  for (int i = 0; i < 4; ++i) t.put("root", "large" + std::to_string(i), std::string(limits::value_bytes_max, 'x'));
  CHECK(t.level("root", "leaf"));
}

TEST_CASE("a stalled downstream is sent no more than its credit, and the others don't notice") {
  test::tree t;
  t.add("root");
  t.add("stalled", {.upstreams = {"root"}});
  t.add("well", {.upstreams = {"root"}});
  t.system.advance(1s);
  t.network.stall("stalled");
  t.fill("root", 0, 40'000, 1000);
  CHECK(t.applied("well") == 40'000);
  CHECK(t.network.unread_bytes("stalled") > limits::credit_bytes / 2);
  CHECK(t.network.unread_bytes("stalled") <= limits::credit_bytes + limits::batch_bytes);
  CHECK(t.at("root").metrics->credit_exhausted.value() > 0);
  t.network.resume("stalled");
  t.system.settle();
  CHECK(t.level("root", "stalled"));
}

TEST_CASE("a source shows how far its slowest downstream is") {
  test::tree t;
  t.add("root");
  t.add("slow", {.upstreams = {"root"}});
  t.add("well", {.upstreams = {"root"}});
  t.fill("root", 0, 10);
  t.system.advance(3s);
  const auto& root = *t.at("root").metrics;
  CHECK(root.downstreams.value() == 2);
  CHECK(root.downstream_lag_entries.value() == 0);
  CHECK(root.downstream_durable_index.value() == 10);
  t.network.stall("slow");
  t.fill("root", 10, 30);
  t.system.advance(3s);
  CHECK(root.downstream_lag_entries.value() == 30);
  CHECK(root.downstream_durable_index.value() == 10);
  t.stop("slow");
  t.system.advance(2s);
  CHECK(root.downstreams.value() == 1);
  CHECK(root.downstream_lag_entries.value() == 0);
  CHECK(root.downstream_durable_index.value() == 40);
  t.stop("well");
  t.start("well"); // it has nothing new to apply, and still says what it has
  t.system.advance(3s);
  CHECK(root.downstream_durable_index.value() == 40);
}

TEST_CASE("a lost batch is noticed: nothing after it is applied, and the link is used afresh") {
  test::tree t;
  t.add("root");
  t.add("leaf", {.upstreams = {"root"}});
  t.fill("root", 0, 10);
  t.system.settle();
  int lost = 0;
  t.network.on_message = [&](const auto&, const auto&, peer_message& message) {
    return !std::holds_alternative<entry_batch>(message.body) || lost++ != 0;
  };
  t.put("root", "lost", "1");
  CHECK(t.applied("leaf") == 10);
  t.put("root", "next", "2");
  CHECK(t.applied("leaf") == 10);
  CHECK(t.at("leaf").metrics->out_of_order.value() == 1);
  CHECK(t.at("leaf").metrics->last_error.value().starts_with("out_of_order"));
  t.system.advance(1s);
  CHECK(t.network.links_made() == 2);
  CHECK(t.level("root", "leaf"));
}

TEST_CASE("an entry whose chain is wrong is never applied") {
  test::tree t;
  t.add("root");
  t.add("leaf", {.upstreams = {"root"}});
  t.system.settle();
  t.network.on_message = [&](const auto&, const auto&, peer_message& message) {
    if (auto* batch = std::get_if<entry_batch>(&message.body)) {
      auto changed = *batch->run;
      changed.back().bytes.back() ^= 1;
      batch->run = std::make_shared<const std::vector<log_record>>(std::move(changed));
    }
    return true;
  };
  t.put("root", "k", "1");
  CHECK(t.applied("leaf") == 0);
  CHECK(t.at("leaf").metrics->diverged.value() == 1);
  CHECK(t.at("leaf").metrics->last_error.value().starts_with("diverged"));
  t.network.on_message = {};
  t.system.advance(10s);
  CHECK(t.level("root", "leaf"));
  CHECK(t.at("leaf").metrics->diverged.value() == 0);
}

TEST_CASE("a full disk stops a node, not its upstream; space that comes back resumes it") {
  test::tree t;
  t.add("root");
  t.add("full", {.upstreams = {"root"}});
  t.add("well", {.upstreams = {"root"}});
  t.put("root", "a", "1");
  t.system.advance(1s);
  t.at("full").faults->apply = errc::disk_full;
  t.fill("root", 0, 100);
  int tries = 0;
  t.network.on_message = [&](const auto& from, const auto&, peer_message& message) {
    if (from == "full" && std::holds_alternative<subscribe_request>(message.body)) ++tries;
    return true;
  };
  t.system.advance(60s);
  CHECK(tries < 30); // backs off
  CHECK(t.applied("full") == 1);
  CHECK(t.value("full", "a") == "1"); // reads go on
  CHECK(t.level("root", "well"));
  CHECK(t.at("full").metrics->upstream_connected.value() == 0);
  t.at("full").faults->apply = errc::none;
  t.system.advance(limits::redial_delay_max);
  CHECK(t.level("root", "full"));
}

TEST_CASE("acks carry what is applied and, once synced, what is durable") {
  test::tree t;
  t.add("root");
  t.add("leaf", {.upstreams = {"root"}});
  t.system.advance(limits::ack_interval); // it said what it has when it began to follow
  std::vector<replication_ack> acks;
  t.network.on_message = [&](const auto&, const auto&, peer_message& message) {
    if (auto* ack = std::get_if<replication_ack>(&message.body)) acks.push_back(*ack);
    return true;
  };
  t.put("root", "k", "1");
  REQUIRE_FALSE(acks.empty());
  CHECK(acks.back() == replication_ack{1, 0});
  t.system.advance(limits::sync_interval);
  CHECK(acks.back() == replication_ack{1, 1});
}

TEST_CASE("many small entries cost one message each, and a few acks") {
  test::tree t;
  t.add("root");
  t.add("leaf", {.upstreams = {"root"}});
  t.system.advance(limits::ack_interval); // it said what it has when it began to follow
  int batches = 0;
  int answers = 0;
  replication_ack last;
  t.network.on_message = [&](const auto& from, const auto&, peer_message& message) {
    batches += std::holds_alternative<entry_batch>(message.body) ? 1 : 0;
    answers += from == "leaf" ? 1 : 0;
    if (auto* ack = std::get_if<replication_ack>(&message.body)) last = *ack;
    return true;
  };
  for (int n = 0; n < 100; ++n) {
    t.put("root", std::to_string(n), "x");
    t.system.advance(10ms);
  }
  CHECK(batches == 100);
  CHECK(answers <= 1 + 1s / limits::ack_interval + 1s / limits::sync_interval);
  t.system.advance(limits::sync_interval);
  CHECK(last == replication_ack{100, 100});
}

TEST_CASE("the last entries of a burst are acknowledged too, even if the disk cannot sync") {
  test::tree t;
  t.add("root");
  t.add("leaf", {.upstreams = {"root"}});
  t.system.advance(limits::ack_interval); // it said what it has when it began to follow
  t.at("leaf").faults->sync = errc::io_failed;
  replication_ack last;
  t.network.on_message = [&](const auto&, const auto&, peer_message& message) {
    if (auto* ack = std::get_if<replication_ack>(&message.body)) last = *ack;
    return true;
  };
  t.put("root", "a", "1");
  t.put("root", "b", "2");
  CHECK(last.applied == 1);
  t.system.advance(limits::heartbeat_interval);
  CHECK(last == replication_ack{2, 0});
}

TEST_CASE("whatever happens to links and nodes, everybody ends up level with the root") {
  auto seed = test::random_seed("tree");
  std::mt19937_64 random{seed};
  auto below = [&](std::uint64_t n) { return static_cast<int>(random() % n); };
  test::tree t;
  t.system.shuffle(seed);
  t.add("root", {.log = {std::chrono::hours{1}, 30'000}}); // short: some will need full copies
  t.add("a", {.upstreams = {"root", "b"}, .log = {std::chrono::hours{1}, 30'000}});
  t.add("b", {.upstreams = {"root", "a"}, .log = {std::chrono::hours{1}, 30'000}});
  t.add("c", {.upstreams = {"a", "b"}});
  t.add("d", {.upstreams = {"b", "a"}, .role = instance_role::proxy});
  const std::vector<std::string> names{"root", "a", "b", "c", "d"};
  for (int round = 0; round < 60; ++round) {
    const auto& name = names[static_cast<std::size_t>(below(names.size()))];
    switch (below(8)) {
    case 0: t.network.isolate(name); break;
    case 1: t.network.reconnect(name); break;
    case 2: t.network.cut(name, names[static_cast<std::size_t>(below(names.size()))]); break;
    case 3:
      t.stop(name);
      t.start(name);
      break;
    case 4: t.network.stall(name); break;
    case 5: t.network.resume(name); break;
    default: break;
    }
    for (int n = below(60); n > 0; --n) {
      auto key = "k" + std::to_string(below(50));
      write_op op = put_op{key, std::string(static_cast<std::size_t>(below(100)), 'v')};
      if (below(4) == 0) op = remove_op{key};
      caf::anon_send(t.at("root").sequencer, write_command{{op}, {}});
    }
    t.system.advance(std::chrono::milliseconds{below(4000)});
    for (const auto& each : names) CHECK(t.at(each).metrics->diverged.value() == 0);
  }
  for (const auto& name : names) {
    t.network.reconnect(name);
    t.network.resume(name);
  }
  t.system.advance(90s);
  for (const auto* name : {"a", "b", "c"}) CHECK(t.level("root", name));
  CHECK(t.digest("d").keys == t.digest("root").keys);
}
