// SPDX-License-Identifier: Apache-2.0
// The collector over a real storage actor and a store in memory. The root's clock is the test's, and may jump.
#include "actors/space/version_collector.hpp"
#include "actors/write/compactor.hpp"
#include "actors/write/disk_syncer.hpp"
#include "actors/write/storage_actor.hpp"
#include "messages/chain.hpp"
#include "messages/entry_codec.hpp"
#include "storage/memory_home.hpp"
#include "tests/support/deterministic.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace std::chrono_literals;

namespace {

struct world {
  test::deterministic system;
  std::shared_ptr<storage::memory_disk> disk = std::make_shared<storage::memory_disk>();
  std::shared_ptr<instance_metrics> metrics;
  std::shared_ptr<storage::view_slot> view;
  store_port store;
  upkeep_port collector;
  position head{1, 0, 0};
  std::chrono::hours root_ahead{450'000}; ///< of the monotonic clock

  world() { start(); }

  void start() {
    metrics = std::make_shared<instance_metrics>();
    auto home = std::make_unique<storage::memory_home>(disk, instance_role::replica);
    auto opened = std::move(*home->open_current());
    view = std::make_shared<storage::view_slot>(opened->view());
    store = system.spawn(actors::storage_actor, actors::storage_config{"dns", {24h, 1ull << 40}, metrics},
                         std::move(home), std::move(opened), view, system.spawn(actors::disk_syncer),
                         system.spawn(actors::compactor));
    collector =
        system.spawn(actors::version_collector, actors::version_collector_config{"dns", 2h, metrics}, store);
    system.settle();
  }
  void restart() {
    system.stop(collector);
    system.stop(store);
    start();
  }
  /// The key gets another value.
  index_t write() {
    auto now = std::chrono::duration_cast<std::chrono::microseconds>(system.now()) + root_ahead;
    now += std::chrono::microseconds{head.index}; // real clients keep no exact distance
    newest = std::max(newest, stamp_t{now});      // as the sequencer does: stamps never decrease
    auto kind = head.index == 0 ? mutation_kind::create : mutation_kind::update;
    entry next{1, ++head.index, newest, {{kind, "k", std::to_string(head.index)}}};
    auto bytes = encode_entry(next);
    head.chain = extend_chain(head.chain, bytes);
    auto run = std::make_shared<std::vector<log_record>>();
    run->push_back({head.index, head.chain, std::move(bytes)});
    REQUIRE(system.ask<store_report>(store, apply_batch{std::move(run)}));
    return head.index;
  }
  /// A write a minute.
  void pass(std::chrono::minutes time) {
    for (; time > 0min; time -= 1min) {
      write();
      system.advance(1min);
    }
  }
  lookup_answer at(index_t index) { return *view->load()->read_at("k", index); }
  bool readable(index_t index) { return at(index).value == std::to_string(index); }

  stamp_t newest;
};

} // namespace

TEST_CASE("history is kept for the span, then it is pruned and gone") {
  world w;
  w.pass(119min);
  CHECK(w.metrics->horizon_index.value() <= 1);
  CHECK(w.readable(1));
  w.pass(120min);
  auto horizon = static_cast<index_t>(w.metrics->horizon_index.value());
  CHECK(horizon >= 110);
  CHECK(horizon <= 119);
  CHECK(w.at(horizon - 1).status == lookup_status::pruned);
  CHECK(w.readable(horizon));
  CHECK(w.readable(w.head.index));
  CHECK(w.metrics->history_dropped.value() >= 105);
  CHECK(w.metrics->history_dropped.value() <= horizon);
}

TEST_CASE("a root's wall clock that jumps ahead by three hours shortens no history") {
  world w;
  w.pass(90min);
  w.root_ahead += 3h;
  w.pass(29min);
  CHECK(w.readable(1));
  CHECK(w.metrics->horizon_index.value() <= 1);
  w.pass(60min);
  CHECK(w.readable(w.head.index - 119));
  CHECK(w.at(40).status == lookup_status::pruned); // by the monotonic clock it is old by now
}

TEST_CASE("a root's wall clock that jumps back by three hours shortens none either") {
  world w;
  w.pass(90min);
  w.root_ahead -= 3h;
  w.pass(180min);
  CHECK(w.readable(w.head.index - 119));
  w.pass(180min); // stamps go on: history is collected again
  CHECK(w.metrics->horizon_index.value() > 80);
  CHECK(w.readable(w.head.index - 119));
}

TEST_CASE("a jump right before a restart shortens no history") {
  world w;
  w.pass(60min);
  w.root_ahead += 3h;
  w.pass(1min);
  w.restart();
  w.pass(118min);
  CHECK(w.readable(1));
  w.pass(10min);
  CHECK(w.at(30).status == lookup_status::pruned); // a span after the restart all from before it may go
}

TEST_CASE("the horizon survives a restart, and history below it stays pruned") {
  world w;
  w.pass(240min);
  auto before = w.metrics->horizon_index.value();
  CHECK(before > 100);
  w.restart();
  CHECK(w.metrics->horizon_index.value() == before);
  CHECK(w.at(50).status == lookup_status::pruned);
}

TEST_CASE("nothing is asked of a store that holds a proxy's data") {
  test::deterministic system;
  auto metrics = std::make_shared<instance_metrics>();
  auto disk = std::make_shared<storage::memory_disk>();
  auto home = std::make_unique<storage::memory_home>(disk, instance_role::proxy);
  auto opened = std::move(*home->open_current());
  auto view = std::make_shared<storage::view_slot>(opened->view());
  auto store =
      system.spawn(actors::storage_actor, actors::storage_config{"dns", {}, metrics}, std::move(home),
                   std::move(opened), view, system.spawn(actors::disk_syncer), system.spawn(actors::compactor));
  system.spawn(actors::version_collector, actors::version_collector_config{"dns", 1min, metrics}, store);
  system.advance(10min);
  CHECK(metrics->upkeep_failed.value() == 0);
  CHECK(metrics->last_error.value().empty());
}
