// SPDX-License-Identifier: Apache-2.0
// What a store promises about its log: whom it can serve, what it returns, how it is cut.
#include "tests/storage/subject.hpp"

#include <random>

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
