// SPDX-License-Identifier: Apache-2.0
#include "messages/chain.hpp"
#include "messages/entry_codec.hpp"
#include "tests/actors/tree.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace std::chrono_literals;

namespace {

/// One store and what a listener of it heard.
struct bench {
  test::deterministic system;
  std::shared_ptr<storage::memory_disk> disk = std::make_shared<storage::memory_disk>();
  std::shared_ptr<test::disk_faults> faults = std::make_shared<test::disk_faults>();
  std::shared_ptr<instance_metrics> metrics = std::make_shared<instance_metrics>();
  std::shared_ptr<storage::view_slot> view;
  store_port store;
  applied_listener_port listener;
  synced_listener_port synced_listener;
  std::vector<batch_applied> applied;
  std::vector<index_t> synced;
  position head{1, 0, 0};
  bool slow_disk = false; ///< syncs wait until the test answers them
  std::optional<caf::typed_response_promise<index_t>> waiting;
  index_t waiting_for = 0;
  caf::error outcome; ///< of slow syncs; if none, the disk has it when it is asked
  syncer_port syncer;

  explicit bench(storage::log_retention log = {1h, 1ull << 40}) {
    auto home = std::make_unique<storage::memory_home>(disk, instance_role::replica);
    std::unique_ptr<storage::store> opened =
        std::make_unique<test::faulty_store>(std::move(*home->open_current()), faults);
    static_cast<void>(opened->adopt(test::tree_id));
    view = std::make_shared<storage::view_slot>(opened->view());
    store = system.spawn(actors::storage_actor, actors::storage_config{"i", log, metrics}, std::move(home),
                         std::move(opened), view, make_syncer(), system.spawn(actors::compactor));
    listener = system.spawn([this]() -> applied_listener_port::behavior_type {
      return {[this](const batch_applied& m) { applied.push_back(m); }};
    });
    synced_listener = system.spawn([this]() -> synced_listener_port::behavior_type {
      return {[this](const batch_synced& m) { synced.push_back(m.durable); }};
    });
    system.tell(store, add_applied_listener{listener});
    system.tell(store, add_synced_listener{synced_listener});
  }

  syncer_port make_syncer() {
    return syncer = system.spawn([this](syncer_port::pointer self) -> syncer_port::behavior_type {
      return {[this, self](const run_sync& m) -> caf::result<index_t> {
        if (!m.work) return answer_waiting();
        if (!slow_disk) {
          if (auto error = m.work()) return error;
          return m.upto;
        }
        if (!outcome) static_cast<void>(m.work());
        waiting_for = m.upto;
        waiting = self->make_response_promise<index_t>();
        return *waiting;
      }};
    });
  }
  /// In the syncer's turn: a promise can't be kept from outside.
  index_t answer_waiting() {
    auto promise = *std::exchange(waiting, std::nullopt);
    outcome ? promise.deliver(outcome) : promise.deliver(waiting_for);
    return 0;
  }
  void answer_sync() { static_cast<void>(system.ask<index_t>(syncer, run_sync{})); }

  record_run run(int count, std::string value = "v") {
    auto records = std::make_shared<std::vector<log_record>>();
    for (int i = 0; i < count; ++i) {
      ++head.index;
      entry next{1,
                 head.index,
                 stamp_t{std::chrono::seconds{head.index}},
                 {{mutation_kind::create, "k" + std::to_string(1000 + head.index), value}}};
      auto bytes = encode_entry(next);
      head.chain = extend_chain(head.chain, bytes);
      records->push_back({head.index, head.chain, std::move(bytes)});
    }
    return records;
  }
  caf::expected<store_report> apply(record_run run, bool sync = false) {
    return system.ask<store_report>(store, apply_batch{std::move(run), sync});
  }
};

} // namespace

TEST_CASE("an answer means applied; listeners share the run; the rest is synced in the background") {
  bench b;
  auto run = b.run(3);
  auto report = b.apply(run);
  REQUIRE(report);
  CHECK(report->applied.index == 3);
  CHECK(b.view->load()->applied() == 3);
  REQUIRE(b.applied.size() == 1);
  CHECK(b.applied[0].run == run);
  CHECK(b.synced.empty());
  CHECK(b.metrics->durable_index.value() < 3);
  b.system.advance(limits::sync_interval);
  CHECK(b.synced == std::vector<index_t>{3});
  CHECK(b.metrics->durable_index.value() == 3);
  b.system.advance(limits::sync_interval * 3);
  CHECK(b.faults->syncs == 1); // nothing new, nothing to sync
}

TEST_CASE("entries are applied while a sync waits for the disk, and one that fails is tried again") {
  bench b;
  b.slow_disk = true;
  b.apply(b.run(3));
  b.system.advance(limits::sync_interval);
  REQUIRE(b.waiting);
  CHECK(b.waiting_for == 3);
  CHECK(b.apply(b.run(2))->applied.index == 5);
  b.system.advance(limits::sync_interval * 3);
  CHECK(b.waiting_for == 3); // one at a time
  CHECK(b.synced.empty());
  b.answer_sync();
  CHECK(b.synced == std::vector<index_t>{3});
  b.outcome = make_error(errc::io_failed, "made to fail");
  b.system.advance(limits::sync_interval);
  REQUIRE(b.waiting);
  CHECK(b.waiting_for == 5);
  b.answer_sync();
  b.outcome = {};
  CHECK(b.synced.size() == 1);
  CHECK(b.metrics->last_error.value().starts_with("io_failed"));
  b.system.advance(limits::sync_interval);
  REQUIRE(b.waiting);
  b.answer_sync();
  CHECK(b.synced.back() == 5);
}

TEST_CASE("a listener that is added twice is told once") {
  bench b;
  b.system.tell(b.store, add_applied_listener{b.listener});
  b.apply(b.run(1));
  CHECK(b.applied.size() == 1);
}

TEST_CASE("what is out of order is refused, and a full disk that gets space goes on") {
  bench b;
  auto first = b.run(1);
  auto second = b.run(1);
  CHECK(b.apply(second).error() == errc::out_of_order);
  CHECK(b.metrics->out_of_order.value() == 1);
  b.faults->apply = errc::disk_full;
  CHECK(b.apply(first).error() == errc::disk_full);
  CHECK(b.metrics->last_error.value().starts_with("disk_full"));
  b.faults->apply = errc::none;
  CHECK(b.apply(first));
  CHECK(b.apply(second)->applied.index == 2);
}

TEST_CASE("waiting for an index: reached, timed out, or answered at the end") {
  bench b;
  std::string log;
  auto wish = [&](index_t index, std::chrono::milliseconds timeout) {
    return wait_index{index, timeout, reply_to<index_t>{[&](caf::expected<index_t> answer) {
                        log += answer ? std::to_string(*answer) : std::string{to_string(code_of(answer.error()))};
                        log += " ";
                      }}};
  };
  b.system.tell(b.store, wish(2, 0ms));
  b.system.tell(b.store, wish(9, 30ms));
  b.system.tell(b.store, wish(9, 0ms));
  b.apply(b.run(2));
  CHECK(log == "2 ");
  b.system.advance(29ms);
  CHECK(log == "2 ");
  b.system.advance(1ms);
  CHECK(log == "2 timed_out ");
  b.system.stop(b.store);
  CHECK(log == "2 timed_out unavailable ");
}

TEST_CASE("a client that waits for an index and leaves is forgotten within a second") {
  bench b;
  auto client = std::make_shared<int>(0);
  b.system.tell(b.store, wait_index{9, 0ms, {[](const caf::expected<index_t>&) {}, client}});
  b.system.advance(limits::sync_interval);
  CHECK(b.metrics->index_waiters.value() == 1);
  client.reset();
  b.system.advance(limits::sync_interval);
  CHECK(b.metrics->index_waiters.value() == 0);
}

TEST_CASE("the log is cut by age, but never above an open export") {
  bench b{{10s, 1ull << 40}};
  b.apply(b.run(50)); // one stamp a second
  auto opened = b.system.ask<export_opened>(b.store, open_export{});
  REQUIRE(opened);
  b.apply(b.run(100));
  b.system.advance(2s);
  CHECK(b.metrics->log_base_index.value() <= 50);
  b.system.tell(b.store, close_export{opened->id});
  b.system.advance(2s);
  CHECK(b.metrics->log_base_index.value() >= 130);
}

TEST_CASE("one export at a time; it can be gone on with, and is closed when nobody reads it") {
  bench b;
  b.apply(b.run(5));
  auto first = b.system.ask<export_opened>(b.store, open_export{});
  REQUIRE(first);
  CHECK_FALSE(first->resumed);
  b.apply(b.run(5));
  CHECK(b.system.ask<export_opened>(b.store, open_export{}).error() == errc::busy);
  CHECK(b.system.ask<export_opened>(b.store, open_export{instance_role::proxy, 5}).error() == errc::busy);
  auto again = b.system.ask<export_opened>(b.store, open_export{instance_role::replica, 5});
  REQUIRE(again);
  CHECK(again->resumed);
  CHECK(again->header.at.index == 5);
  b.system.advance(limits::export_grace - 2s);
  CHECK(b.system.ask<snapshot_chunk>(b.store, read_export{again->id, "", true, 100})->records.size() > 0);
  b.system.advance(limits::export_grace - 2s);
  CHECK(b.system.ask<snapshot_chunk>(b.store, read_export{again->id, "", true, 100}));
  b.system.advance(limits::export_grace + 2s);
  CHECK(b.system.ask<snapshot_chunk>(b.store, read_export{again->id, "", true, 100}).error() == errc::no_snapshot);
  CHECK(b.system.ask<export_opened>(b.store, open_export{})->header.at.index == 10);
}

TEST_CASE("an import is built beside the data in use and then takes its place") {
  bench from;
  from.apply(from.run(100));
  auto opened = from.system.ask<export_opened>(from.store, open_export{});
  auto all = from.system.ask<snapshot_chunk>(from.store, read_export{opened->id, "", true, limits::batch_bytes});
  REQUIRE(all->last);

  bench to;
  to.apply(to.run(1, "old"));
  auto held = to.view->load(); // a session that reads
  REQUIRE(to.system.ask<import_progress>(to.store, begin_import{opened->header, false}));
  auto half = import_chunk{{all->records.begin(), all->records.begin() + 50}};
  auto rest = import_chunk{{all->records.begin() + 50, all->records.end()}};
  CHECK(to.system.ask<import_progress>(to.store, half)->last_key == all->records[49].key);
  CHECK(to.system.ask<store_report>(to.store, finish_import{}).error() == errc::corrupt); // keys are missing
  CHECK(to.view->load()->applied() == 1);

  REQUIRE(to.system.ask<import_progress>(to.store, begin_import{opened->header, false}));
  to.system.ask<import_progress>(to.store, half);
  CHECK(to.system.ask<import_progress>(to.store, begin_import{opened->header, true})->last_key
        == all->records[49].key);
  to.system.ask<import_progress>(to.store, rest);
  auto done = to.system.ask<store_report>(to.store, finish_import{});
  REQUIRE(done);
  CHECK(done->applied.index == 100);
  CHECK(*to.view->load()->digest() == *from.view->load()->digest());
  CHECK(to.applied.back().run == nullptr);
  CHECK(to.metrics->snapshots_received.value() == 1);

  std::string value;
  CHECK(held->get("k1001", value)->status == storage::read_status::found);
  CHECK(value == "old"); // the session's view is whole
  CHECK(to.system.ask<import_progress>(to.store, begin_import{opened->header, false}).error() == errc::busy);
  held.reset();
  CHECK(to.system.ask<import_progress>(to.store, begin_import{opened->header, false}));
}

TEST_CASE("going on with an import that is not there is refused") {
  bench b;
  b.apply(b.run(1));
  snapshot_header header{test::tree_id, {1, 5, 5}, {}, 0};
  CHECK(b.system.ask<import_progress>(b.store, begin_import{header, true}).error() == errc::no_snapshot);
}

TEST_CASE("told to exit, everything is synced") {
  bench b;
  b.apply(b.run(3));
  b.system.stop(b.store);
  CHECK(b.faults->syncs == 1);
}
