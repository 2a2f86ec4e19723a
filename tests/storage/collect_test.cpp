// SPDX-License-Identifier: Apache-2.0
// Collecting history in steps: what no index from the horizon on needs is gone, all else is exact.
#include "storage/file_sweep.hpp"
#include "storage/rocks_store.hpp"
#include "tests/storage/subject.hpp"
#include "tests/storage/sweep_all.hpp"
#include "tests/support/random.hpp"
#include "tests/support/wait_until.hpp"

using namespace argentum;
using namespace argentum::storage;
using namespace argentum::test;
using namespace std::chrono_literals;

namespace {

constexpr int keys = 100;

std::string key(int i) {
  return "key" + std::to_string(i);
}

/// 60 rounds over all keys; each is removed in some of them, the first ten for good after the twentieth.
root_log busy_log() {
  root_log root;
  for (int round = 0; round < 60; ++round)
    for (int i = 0; i < keys; ++i) {
      bool gone = i < 10 ? round > 20 : (i + round) % 7 == 0;
      root.write({{key(i), gone ? std::nullopt : std::optional{std::string(200, 'v') + std::to_string(round)}}});
    }
  return root;
}

sweep_outcome collect_all(subject& s, index_t overdue) {
  return sweep_all([&] { return must(s->begin_collect(overdue)()); });
}

void check_history(subject& s, const root_log& root, index_t horizon) {
  for (index_t at = 1; at <= root.head(); at += 37)
    for (int i = 0; i < keys; i += 3) {
      auto answer = must(s.view()->read_at(key(i), at));
      if (at >= horizon)
        CHECK(answer == root.read_at(key(i), at));
      else if (answer.status != lookup_status::pruned)
        CHECK(answer == root.read_at(key(i), at));
    }
}

/// Bytes of history in files that is older than the horizon.
std::uint64_t dead_bytes(subject& s, index_t horizon) {
  auto shared = std::make_shared<rocks_shared>();
  auto db = must(rocks_db::open(s.files->path() + "/dns/gen-1", shared));
  std::uint64_t sum = 0;
  for (auto* family : {db->data(), db->history()})
    for (const auto& file : must(files_of(*db, family))) sum += file.stats.loose.below(horizon);
  return sum;
}

} // namespace

TEST_CASE("history below the horizon goes, above it every index is exact, and so are tombstones") {
  for_each_kind({instance_role::replica}, [](subject& s) {
    auto root = busy_log();
    must(s->apply(root.after(0), true));
    CHECK(must(s->begin_collect(root.head())()).records == 0); // nothing is below the horizon yet
    check_history(s, root, 0);
    const index_t horizon = 4000;
    must(s->set_horizon(horizon));
    auto out = collect_all(s, horizon);
    CHECK(out.records > 3500);
    CHECK(out.bytes_after < out.bytes_before / 2);
    CHECK(s->space().history_bytes > 0);
    CHECK(s->space().history_bytes < s->space().disk_bytes);
    check_history(s, root, horizon);
    CHECK(must(s.view()->read_at(key(5), 500)).status == lookup_status::pruned);
    CHECK(must(s.view()->digest()) == root.digest(root.head()));
    CHECK(s->report().key_count == root.keys(root.head()).size());
    // Keys whose tombstones are gone are created again, and have a past of absence.
    auto absent_until = root.head();
    for (int i = 0; i < 10; ++i) root.write({{key(i), "again"}});
    must(s->apply(root.after(absent_until), true));
    for (int i = 0; i < 10; ++i) {
      CHECK(must(s.view()->read_at(key(i), absent_until)) == lookup_answer{});
      CHECK(must(s.view()->read_at(key(i), root.head())) == root.read_at(key(i), root.head()));
    }
    s.reopen();
    check_history(s, root, horizon);
    if (s.files == nullptr) return;
    s.close();
    CHECK(dead_bytes(s, horizon - 100) == 0);
    s.open();
  });
}

TEST_CASE("only a durable horizon lets history go: a crash that moves it back finds all it needs") {
  for_each_kind({instance_role::replica}, [](subject& s) {
    auto root = busy_log();
    auto stamp_of = [&](index_t index) { return entry_reader{root.after(index - 1, 1)[0].bytes}.head()->stamp; };
    must(s->apply(root.after(0, 5000), true));
    s.reopen();                                              // its history is in files
    must(s->apply(root.after(5000), false, stamp_of(5900))); // moves the horizon, but not on disk
    CHECK(s->report().horizon == 5899);
    collect_all(s, 0);
    s.crash();
    auto now = s->report();
    CHECK(now.horizon == 0);
    for (index_t at = 1; at <= now.applied.index; at += 101)
      CHECK(must(s.view()->read_at(key(50), at)) == root.read_at(key(50), at));
    must(s->apply(root.after(now.applied.index), false, stamp_of(5900)));
    must(s->sync());
    CHECK(collect_all(s, 5899).records > 3000);
    check_history(s, root, 5899);
  });
}

TEST_CASE("a file with little to drop waits until that is overdue") {
  subject s{true, instance_role::replica};
  auto root = busy_log();
  must(s->apply(root.after(0), true));
  s.reopen(); // all is in one file a family
  must(s->set_horizon(300));
  CHECK(must(s->begin_collect(0)()).bytes_before == 0);
  CHECK(must(s->begin_collect(300)()).records > 100);
  CHECK(collect_all(s, 300).bytes_before == 0);
}

TEST_CASE("the index of a stamp is known without the log and after a restart") {
  for_each_kind({instance_role::replica}, [](subject& s) {
    root_log root;
    for (int i = 0; i < 2000; ++i) root.write({{"a", std::to_string(i)}}, 10s);
    for (index_t i = 0; i < root.head(); i += 100) must(s->apply(root.after(i, 100), false));
    must(s->truncate_log({0s, 0}, root.head()));
    auto check = [&] {
      for (auto back : {0s, 10s, 1000s, 7190s}) {
        auto when = s->report().stamp - back;
        auto last = s->last_before(when);
        REQUIRE(last);
        auto truth = root.head() - static_cast<index_t>(back / 10s) - 1;
        CHECK(*last <= truth);
        CHECK(*last + 12 > truth);
      }
      CHECK_FALSE(s->last_before(s->report().stamp - 10h));
    };
    check();
    s.reopen();
    check();
    s.crash();
    check();
  });
}

TEST_CASE("a proxy has no history to collect") {
  for_each_kind({instance_role::proxy}, [](subject& s) { CHECK(code(s->begin_collect(1)()) == errc::wrong_role); });
}
