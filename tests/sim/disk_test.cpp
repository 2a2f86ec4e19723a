// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/checker.hpp"
#include "tests/storage/root_log.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace argentum;
using namespace argentum::sim;

namespace {

struct watched_disk {
  explicit watched_disk(store_kind kind = store_kind::memory, std::uint64_t seed = 1)
      : disk{instance_role::replica,
             kind == store_kind::rocks ? make_rocks_medium({}, seed) : make_memory_medium({}),
             judge.watch(where, false)} {
    for (int n = 0; n < 3; ++n) log.write({{"k", std::to_string(n)}});
    for (const auto& record : log.after(0)) REQUIRE_FALSE(judge.of("main").add(record));
  }
  void open() {
    home = disk.open_home();
    store = std::move(*home->open_current());
  }
  bool apply(index_t after, bool sync) { return bool(store->apply(log.after(after, 1), sync)); }
  std::string broken() const { return judge.broken() ? judge.broken()->promise : ""; }

  test::root_log log;
  trace events;
  checker judge{[] { return vtime{0}; }, events};
  place where{"leaf", "main"};
  sim_disk disk;
  std::unique_ptr<storage::store_home> home;
  std::unique_ptr<storage::store> store;
};

constexpr store_kind both_kinds[] = {store_kind::memory, store_kind::rocks};

} // namespace

TEST_CASE("power loss takes what was not synced, a dead process changes nothing more") {
  for (auto kind : both_kinds) {
    watched_disk d{kind};
    d.open();
    CHECK(d.apply(0, true));
    CHECK(d.apply(1, false));
    auto old = std::move(d.store);
    d.judge.stopped(d.where, old->report().durable);
    d.disk.detach(true);
    CHECK_FALSE(old->apply(d.log.after(2, 1), true));
    d.open();
    CHECK(d.store->report().applied.index < 3);
    CHECK(d.broken() == "");
  }
}

TEST_CASE("a killed process leaves everything to the next one, and its end changes nothing") {
  for (auto kind : both_kinds) {
    watched_disk d{kind};
    d.open();
    CHECK(d.apply(0, false));
    d.judge.stopped(d.where, d.store->report().applied.index);
    d.disk.detach(false);
    auto old_home = std::move(d.home);
    auto old = std::move(d.store);
    d.open();
    CHECK(d.store->report().applied.index == 1);
    CHECK(d.apply(1, true));
    old.reset();
    old_home.reset();
    d.disk.detach(true);
    d.open();
    CHECK(d.store->report().applied.index == 2);
    CHECK(*d.store->view()->digest() == d.log.digest(2));
    CHECK(d.broken() == "");
  }
}

TEST_CASE("what was durable and is gone is blamed; a wiped disk is a new beginning") {
  for (auto kind : both_kinds)
    for (bool declared : {false, true}) {
      watched_disk d{kind};
      d.open();
      CHECK(d.apply(0, true));
      d.judge.stopped(d.where, 1);
      d.disk.detach(false);
      d.disk.wipe();
      if (declared) d.judge.wiped(d.where);
      d.open();
      CHECK(d.broken() == (declared ? "" : "durability"));
    }
}

TEST_CASE("a full disk takes nothing and says so, and is left behind") {
  for (auto kind : both_kinds) {
    watched_disk d{kind};
    d.open();
    d.disk.set_full(true);
    for (bool again : {false, true}) {
      CAPTURE(again);
      auto refused = d.store->apply(d.log.after(0, 1), true);
      REQUIRE_FALSE(refused);
      CHECK(refused.error() == errc::disk_full);
    }
    d.disk.set_full(false);
    CHECK(d.apply(0, true));
    CHECK(d.broken() == "");
  }
}

TEST_CASE("a power loss leaves any number of entries after the last synced one, always whole ones") {
  std::set<index_t> left;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    watched_disk d{store_kind::rocks, seed};
    for (int n = 3; n < 30; ++n) d.log.write({{"k" + std::to_string(n), std::string(100, 'v')}});
    for (const auto& record : d.log.after(3)) REQUIRE_FALSE(d.judge.of("main").add(record));
    d.open();
    CHECK(d.apply(0, true));
    for (index_t n = 1; n < 30; ++n) CHECK(d.apply(n, false));
    d.judge.stopped(d.where, 1);
    d.disk.detach(true);
    d.open();
    left.insert(d.store->report().applied.index);
    CHECK(*d.store->view()->digest() == d.log.digest(*left.find(d.store->report().applied.index)));
    CHECK(d.broken() == "");
  }
  CHECK(left.size() > 5);
  CHECK(*left.begin() >= 1);
}

TEST_CASE_FIXTURE(watched_disk, "an entry that is not the root's is blamed") {
  test::root_log other;
  other.write({{"k", "other"}});
  open();
  CHECK(store->apply(other.after(0), true));
  CHECK(broken() == "chain");
}

TEST_CASE_FIXTURE(watched_disk, "answers are judged by version and value, absences too") {
  connection who{where, 1, 0};
  SUBCASE("right") {
    judge.judge(who, "k", 2, {storage::read_status::found, 2}, "1");
    judge.judge(who, "k", 3, {storage::read_status::evicted, 3}, "");
    judge.judge(who, "k", 0, {storage::read_status::absent, 0}, "");
    CHECK(broken() == "");
  }
  SUBCASE("wrong value") {
    judge.judge(who, "k", 2, {storage::read_status::found, 2}, "0");
  }
  SUBCASE("wrong version") {
    judge.judge(who, "k", 2, {storage::read_status::evicted, 1}, "");
  }
  SUBCASE("absent") {
    judge.judge(who, "k", 2, {storage::read_status::absent, 0}, "");
  }
  SUBCASE("too early") {
    judge.judge(who, "k", 0, {storage::read_status::found, 1}, "0");
  }
  if (judge.totals().answers == 1) CHECK(broken() == "one truth");
}

TEST_CASE_FIXTURE(watched_disk, "a connection never goes back") {
  connection who{where, 1, 0};
  judge.saw(who, 2);
  judge.saw(who, 2);
  CHECK(broken() == "");
  judge.saw(who, 1);
  CHECK(broken() == "monotonic reads");
}

TEST_CASE_FIXTURE(watched_disk, "what the root lost is judged by what it was, until the new log is there") {
  connection who{where, 1, 0};
  open();
  CHECK(apply(0, true));
  CHECK(apply(1, true));
  judge.root_lost("main", 1);
  CHECK(judge.of("main").head() == 1);
  CHECK_FALSE(judge.level(where));
  judge.judge(who, "k", 2, {storage::read_status::found, 2}, "1");
  CHECK(apply(2, true)); // from another node that has the lost entries
  judge.judge(who, "k", 3, {storage::read_status::found, 3}, "2");
  CHECK(broken() == "");

  test::root_log after;
  after.write({{"k", "0"}});
  after.write({{"k", "new"}});
  REQUIRE_FALSE(judge.of("main").add(after.after(1).front()));
  SUBCASE("the lost value on the new log") {
    disk.detach(false);
    disk.wipe();
    judge.wiped(where);
    open();
    CHECK(store->apply(after.after(0), true));
    CHECK(judge.level(where));
    judge.judge(who, "k", 2, {storage::read_status::found, 2}, "1");
    CHECK(broken() == "one truth");
  }
  SUBCASE("the new value on the lost log") {
    judge.judge(who, "k", 2, {storage::read_status::found, 2}, "new");
    CHECK(broken() == "one truth");
  }
}

TEST_CASE_FIXTURE(watched_disk, "no node may claim what it never had") {
  auto acked = [&](index_t applied, index_t durable) {
    judge.judge_message("leaf", {"main", replication_ack{applied, durable}});
    return broken();
  };
  open();
  CHECK(apply(0, true));
  CHECK(acked(1, 1) == "");
  SUBCASE("applied") {
    CHECK(acked(2, 1) == "news");
  }
  SUBCASE("durable") {
    CHECK(acked(1, 2) == "news");
  }
  SUBCASE("of the root") {
    judge.judge_message("leaf", {"main", heartbeat{4, {}, {}, 1, {"root"}}});
    CHECK(broken() == "news");
  }
}

TEST_CASE_FIXTURE(watched_disk, "the truth takes the next entry only, and knows its digest") {
  auto& truth = judge.of("main");
  CHECK(truth.add(log.after(0).front()));
  log.write({{"k", {}}});
  auto broken_chain = log.after(3).front();
  ++broken_chain.chain;
  CHECK(truth.add(broken_chain));
  CHECK_FALSE(truth.add(log.after(3).front()));
  CHECK(truth.digest() == log.digest(4));
  CHECK_FALSE(truth.key_at("k", 4).exists());
  CHECK(*truth.key_at("k", 3).value == "2");
}
