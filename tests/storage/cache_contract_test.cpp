// SPDX-License-Identifier: Apache-2.0
// What a proxy promises about values that come and go, and the window that protects recent ones.
#include "storage/window.hpp"
#include "tests/storage/subject.hpp"

using namespace argentum;
using namespace argentum::storage;
using namespace argentum::test;
using namespace std::chrono_literals;

namespace {

/// A key of version 1 that is out of the window, and enough entries after it.
root_log aged_log() {
  root_log root;
  root.write({{"a", "1"}, {"b", "1"}});
  for (int i = 0; i < 30; ++i) root.write({{"k", std::to_string(i)}}, 100ms);
  return root;
}

read_answer answer(subject& s, const char* key) {
  std::string value;
  return must(s.view()->get(key, value));
}

} // namespace

TEST_CASE("an evicted value leaves key and version behind, and comes back by a fill of that version only") {
  for_each_kind({instance_role::proxy}, [](subject& s) {
    auto root = aged_log();
    must(s->apply(root.after(0), true));
    CHECK(must(s->evict("a")));
    CHECK(answer(s, "a") == read_answer{read_status::evicted, 1});
    CHECK_FALSE(must(s->evict("a")));
    CHECK_FALSE(must(s->evict("none")));
    CHECK(must(s.view()->digest()).keys == root.digest(31).keys);
    CHECK(must(s.view()->digest()).values == 0);
    CHECK(must(s.view()->read_at("a", 31)).status == lookup_status::pruned);
    CHECK_FALSE(must(s->fill("a", 2, "wrong")));
    CHECK_FALSE(must(s->fill("none", 1, "wrong")));
    CHECK(answer(s, "a").status == read_status::evicted);
    CHECK(must(s->fill("a", 1, "1")));
    CHECK(must(s->fill("a", 1, "other"))); // it is here already
    std::string value;
    must(s.view()->get("a", value));
    CHECK(value == "1");
    CHECK(must(s.view()->digest()) == root.digest(31));
    CHECK(s->report().key_count == 3);
  });
}

TEST_CASE("a late fill never brings an older value back") {
  for_each_kind({instance_role::proxy}, [](subject& s) {
    auto root = aged_log();
    must(s->apply(root.after(0), true));
    must(s->evict("a"));
    must(s->evict("b"));
    root.write({{"a", "2"}, {"b", std::nullopt}});
    must(s->apply(root.after(31), true));
    CHECK_FALSE(must(s->fill("a", 1, "1")));
    CHECK_FALSE(must(s->fill("b", 1, "1")));
    CHECK(answer(s, "a") == read_answer{read_status::found, 32});
    CHECK(answer(s, "b") == read_answer{});
  });
}

TEST_CASE("values of the window stay, also after a restart") {
  for_each_kind({instance_role::proxy}, [](subject& s) {
    auto root = aged_log();
    must(s->apply(root.after(0), true));
    CHECK_FALSE(must(s->evict("k")));
    s.reopen();
    CHECK_FALSE(must(s->evict("k")));
    CHECK(must(s->evict("a")));
    for (int i = 0; i < 25; ++i) root.write({{"other", "x"}}, 100ms);
    must(s->apply(root.after(31), true));
    CHECK(must(s->evict("k")));
  });
}

TEST_CASE("a replica is neither filled nor evicted") {
  for_each_kind({instance_role::replica}, [](subject& s) {
    root_log root;
    root.write({{"a", "1"}});
    must(s->apply(root.after(0), true));
    CHECK(code(s->fill("a", 1, "1")) == errc::wrong_role);
    CHECK(code(s->evict("a")) == errc::wrong_role);
  });
}

TEST_CASE("the window's floor obeys both its span and its number of entries") {
  auto floor = [](window_limits limits, index_t head, std::chrono::microseconds step) {
    stamp_samples samples;
    for (index_t i = 1; i <= head; ++i) samples.note({i, stamp_t{step * i}}, limits.span);
    CHECK(samples.all().size() <= 131);
    return window_floor(limits, samples, head, stamp_t{step * head});
  };
  CHECK(floor({1s, 10}, 100, 1s) == 90);          // old by stamps, but among the last ten
  CHECK(floor({10s, 10}, 5, 1s) == 0);            // young
  CHECK(floor({10s, 10}, 10'000, 10ms) <= 9'000); // stamped exactly a span ago
  CHECK(floor({10s, 10}, 10'000, 10ms) >= 8'985); // samples err towards a larger window, by a little
  CHECK(window_floor({10s, 10}, {}, 1'000, stamp_t{1000s}) == 0);
}

TEST_CASE("samples of stamps tell an entry close to the last one before any stamp of their span") {
  stamp_samples samples;
  CHECK_FALSE(samples.last_before(stamp_t{1s}));
  for (index_t i = 1; i <= 10'000; ++i) samples.note({i, stamp_t{10ms * i}}, 10s);
  CHECK(samples.all().size() <= 131);
  for (index_t back = 0; back <= 1000; back += 7) {
    auto last = samples.last_before(stamp_t{10ms * (10'000 - back)});
    REQUIRE(last);
    CHECK(*last < 10'000 - back);
    CHECK(*last > 10'000 - back - 12);
  }
  CHECK_FALSE(samples.last_before(stamp_t{80s}));
}
