// SPDX-License-Identifier: Apache-2.0
// What a store promises about its log: whom it can serve, what it returns, how it is cut.
#include "storage/log_rules.hpp"
#include "storage/replica_store.hpp"
#include "tests/storage/subject.hpp"

#include <random>
#include <set>

using namespace argentum;
using namespace argentum::storage;
using namespace argentum::test;
using namespace std::chrono_literals;

namespace {

constexpr log_retention keep_all{std::chrono::hours{1}, std::uint64_t{1} << 40};

/// 100 entries, one a second, each of about 1000 incompressible-looking bytes.
root_log long_log() {
  root_log root;
  std::mt19937_64 random{7};
  for (int i = 0; i < 100; ++i) {
    std::string value(1000, ' ');
    for (auto& byte : value) byte = static_cast<char>(random());
    root.write({{"k" + std::to_string(i % 7), value}}, 1s);
  }
  return root;
}

} // namespace

TEST_CASE("the log gives back the very records that were applied, in runs of the wanted size") {
  for_each_kind({instance_role::replica}, [](subject& s) {
    auto root = long_log();
    must(s->apply(root.after(0), true));
    CHECK(*must(s->read_log(0, 1 << 20)) == root.after(0));
    CHECK(*must(s->read_log(97, 1 << 20)) == root.after(97));
    CHECK(must(s->read_log(10, 1))->size() == 1);
    CHECK(must(s->read_log(10, 2500))->size() == 3);
    CHECK(must(s->read_log(100, 1)) == nullptr);
    CHECK(code(s->read_log(101, 1)) == errc::invalid);
  });
}

TEST_CASE("a downstream's position is judged by index, chain and epoch") {
  for_each_kind({instance_role::replica}, [](subject& s) {
    auto root = long_log();
    must(s->apply(root.after(0), true));
    must(s->truncate_log({59s, keep_all.bytes}, ~index_t{0}));
    REQUIRE(s->report().log_base == 40);
    auto verdict = [&](position from) { return must(s->check(from)).verdict; };
    for (index_t at : {40, 41, 70, 99, 100}) {
      auto from = root.at(at);
      CHECK(verdict(from) == subscribe_verdict::accepted);
      CHECK(must(s->check(from)).head == root.at(100));
      from.chain ^= 1;
      CHECK(verdict(from) == subscribe_verdict::diverged);
      from = root.at(at);
      ++from.epoch;
      CHECK(verdict(from) == subscribe_verdict::diverged);
    }
    CHECK(verdict(root.at(39)) == subscribe_verdict::need_snapshot);
    CHECK(verdict({}) == subscribe_verdict::need_snapshot);
    CHECK(verdict({1, 101, 0}) == subscribe_verdict::behind);
  });
}

TEST_CASE("an untruncated log serves a fresh downstream") {
  for_each_kind({instance_role::replica}, [](subject& s) {
    auto root = long_log();
    must(s->apply(root.after(0, 5), true));
    CHECK(must(s->check({})).verdict == subscribe_verdict::accepted);
  });
}

TEST_CASE("the log is cut by age of stamps, never above what must stay, and the cut survives") {
  for_each_kind({instance_role::replica}, [](subject& s) {
    auto root = long_log();
    must(s->apply(root.after(0), false));
    must(s->truncate_log(keep_all, ~index_t{0}));
    CHECK(s->report().log_base == 0);
    must(s->truncate_log({10s, keep_all.bytes}, 30));
    CHECK(s->report().log_base == 30);
    must(s->truncate_log({69s, keep_all.bytes}, ~index_t{0}));
    CHECK(s->report().log_base == 30); // 31 is 69 s old
    CHECK(s->report().durable == 100);
    s.crash();
    CHECK(s->report().log_base == 30);
    CHECK(code(s->read_log(29, 1)) == errc::log_truncated);
    CHECK(*must(s->read_log(30, 1 << 20)) == root.after(30));
    must(s->truncate_log({0s, 0}, ~index_t{0}));
    CHECK(s->report().log_base == 100);
    CHECK(must(s->check(root.at(100))).verdict == subscribe_verdict::accepted);
    root.write({{"a", "1"}});
    must(s->apply(root.after(100), true));
    CHECK(*must(s->read_log(100, 1)) == root.after(100));
    CHECK(must(s.view()->digest()) == root.digest(101)); // data is not touched by it
  });
}

TEST_CASE("small cuts wait until a sixteenth of the log can go") {
  for_each_kind({instance_role::replica}, [](subject& s) {
    auto root = long_log();
    must(s->apply(root.after(0), true));
    must(s->truncate_log({95s, keep_all.bytes}, ~index_t{0}));
    CHECK(s->report().log_base == 0);
    must(s->truncate_log({92s, keep_all.bytes}, ~index_t{0}));
    CHECK(s->report().log_base == 7);
  });
}

TEST_CASE("the log is cut by bytes, to about the size asked for") {
  for_each_kind({instance_role::replica}, [](subject& s) {
    root_log root;
    std::mt19937_64 random{7};
    for (int i = 0; i < 1000; ++i) {
      std::string value(4000, ' ');
      for (auto& byte : value) byte = static_cast<char>(random());
      root.write({{"k" + std::to_string(i % 7), value}}, 1ms);
    }
    for (index_t i = 0; i < 1000; i += 100) must(s->apply(root.after(i, 100), false));
    s.reopen(); // on disk: in table files now
    must(s->truncate_log({1h, 1'000'000}, ~index_t{0}));
    CHECK(s->report().log_base > 650);
    CHECK(s->report().log_base < 850);
  });
}

TEST_CASE("a proxy has no log") {
  for_each_kind({instance_role::proxy}, [](subject& s) {
    auto root = long_log();
    must(s->apply(root.after(0), true));
    CHECK(must(s->read_log(100, 1)) == nullptr);
    CHECK(code(s->read_log(99, 1)) == errc::log_truncated);
    CHECK(must(s->check(root.at(100))).verdict == subscribe_verdict::accepted);
    CHECK(must(s->check(root.at(99))).verdict == subscribe_verdict::need_snapshot);
    CHECK(must(s->check({1, 100, 1})).verdict == subscribe_verdict::diverged);
    must(s->truncate_log({0s, 0}, ~index_t{0}));
    CHECK(s->report().log_base == 100);
  });
}

TEST_CASE("a cut of the log drops files and writes none") {
  temp_dir files;
  rocks_limits limits;
  limits.table_bytes = 64 * limits::kib;
  auto db =
      must(rocks_db::create(files.path() + "/db", instance_role::replica, std::make_shared<rocks_shared>(limits)));
  replica_store s{must(read_start(db))};
  root_log root;
  std::mt19937_64 random{7};
  for (int i = 0; i < 1000; ++i) {
    std::string value(1000, ' ');
    for (auto& byte : value) byte = static_cast<char>(random());
    root.write({{"k", value}}, 1s);
  }
  must(s.apply(root.after(0), true, {}));
  rocksdb::CompactRangeOptions whole; // into files of 64 KiB
  whole.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  REQUIRE(db->db().CompactRange(whole, db->log(), nullptr, nullptr).ok());
  auto names = [&] {
    rocksdb::ColumnFamilyMetaData all;
    db->db().GetColumnFamilyMetaData(db->log(), &all);
    std::set<std::string> out;
    for (const auto& level : all.levels)
      for (const auto& file : level.files) out.insert(file.name);
    return out;
  };
  auto before = names();
  REQUIRE(before.size() > 10);
  must(s.truncate_log({100s, std::uint64_t{1} << 40}, root.head()));
  CHECK(s.report().log_base >= 890);
  auto after = names();
  CHECK(after.size() <= before.size() / 5);
  CHECK(std::includes(before.begin(), before.end(), after.begin(), after.end()));
}

TEST_CASE("to find that the log is short enough takes two looks at it") {
  store_state state;
  state.applied.index = 1'000'000;
  state.stamp = stamp_t{1'000'000s};
  int looks = 0;
  log_sizes sizes{[&](index_t i) -> caf::expected<stamp_t> { return ++looks, stamp_t{std::chrono::seconds{i}}; },
                  [&](index_t i) -> caf::expected<std::uint64_t> { return ++looks, 1'000'000 - i; }};
  CHECK(must(find_cut(state, {950'000s, 950'000}, state.applied.index, sizes)) == 0);
  CHECK(looks == 2);
  CHECK(must(find_cut(state, {900'000s, 950'000}, state.applied.index, sizes)) == 99'999);
  CHECK(must(find_cut(state, {950'000s, 900'000}, state.applied.index, sizes)) == 100'000);
}
