// SPDX-License-Identifier: Apache-2.0
// Reading the past: found, absent, behind and pruned, never a guess.
#include "tests/storage/subject.hpp"

#include <atomic>
#include <thread>

using namespace argentum;
using namespace argentum::storage;
using namespace argentum::test;

namespace {

const lookup_answer absent{};

lookup_answer found(index_t version, std::string value) {
  return {lookup_status::found, version, std::move(value)};
}

/// 1: a=1 b=1, 2: a=2, 3: remove a, 4: c=1, 5: a=5
root_log sample() {
  root_log root;
  root.write({{"a", "1"}, {"b", "1"}});
  root.write({{"a", "2"}});
  root.write({{"a", std::nullopt}});
  root.write({{"c", "1"}});
  root.write({{"a", "5"}});
  return root;
}

} // namespace

TEST_CASE("a replica answers at every index of its history, whatever the size of the batches") {
  for (std::size_t step : {1, 2, 5})
    for_each_kind({instance_role::replica}, [step](subject& s) {
      auto root = sample();
      for (index_t i = 0; i < root.head(); i += step) must(s->apply(root.after(i, step), false));
      auto view = s.view();
      CHECK(must(view->read_at("a", 1)) == found(1, "1"));
      CHECK(must(view->read_at("a", 2)) == found(2, "2"));
      CHECK(must(view->read_at("a", 3)) == absent); // the period of absence
      CHECK(must(view->read_at("a", 4)) == absent);
      CHECK(must(view->read_at("a", 5)) == found(5, "5"));
      CHECK(must(view->read_at("a", 0)) == absent);
      CHECK(must(view->read_at("c", 3)) == absent);
      CHECK(must(view->read_at("never", 3)) == absent);
      CHECK(must(view->read_at("a", 6)) == lookup_answer{lookup_status::behind, 5, {}});
      CHECK(must(view->read_at("never", 6)) == lookup_answer{lookup_status::behind, 5, {}});
    });
}

TEST_CASE("history from before a stamp is left out by apply, and is pruned, never absent") {
  auto root = sample();
  auto stamp_of = [&](index_t index) { return entry_reader{root.after(index - 1, 1)[0].bytes}.head()->stamp; };
  const lookup_answer pruned{lookup_status::pruned, 3, {}};
  for (std::size_t step : {1, 2, 5})
    for_each_kind({instance_role::replica}, [&](subject& s) {
      must(s->apply(root.after(0, 1), false)); // with its history: what is kept of it is not used
      for (index_t i = 1; i < root.head(); i += step) must(s->apply(root.after(i, step), true, stamp_of(4)));
      for (int pass = 0; pass < 2; ++pass) {
        CHECK(s->report().horizon == 3);
        CHECK(s.view()->horizon() == 3);
        CHECK(must(s.view()->read_at("a", 1)) == pruned);
        CHECK(must(s.view()->read_at("a", 2)) == pruned);
        CHECK(must(s.view()->read_at("a", 3)) == absent);
        CHECK(must(s.view()->read_at("a", 4)) == absent);
        CHECK(must(s.view()->read_at("a", 5)) == found(5, "5"));
        CHECK(must(s.view()->read_at("b", 1)) == found(1, "1")); // current ever since
        CHECK(must(s.view()->digest()) == root.digest(5));
        s.crash();
      }
    });
}

TEST_CASE("the horizon never moves back, and at most to the end of the run") {
  for_each_kind({instance_role::replica}, [](subject& s) {
    auto root = sample();
    must(s->apply(root.after(0, 3), false, stamp_t::max()));
    CHECK(s->report().horizon == 3);
    must(s->apply(root.after(3), false));
    CHECK(s->report().horizon == 3);
  });
}

TEST_CASE("below the horizon only records that are still current are answered") {
  for_each_kind({instance_role::replica}, [](subject& s) {
    auto root = sample();
    must(s->apply(root.after(0), true));
    CHECK(code(s->set_horizon(6)) == errc::invalid);
    must(s->set_horizon(3));
    must(s->set_horizon(2)); // never moves back
    const lookup_answer pruned{lookup_status::pruned, 3, {}};
    for (int pass = 0; pass < 2; ++pass) {
      auto view = s.view();
      CHECK(view->horizon() == 3);
      CHECK(s->report().horizon == 3);
      CHECK(must(view->read_at("a", 2)) == pruned);
      CHECK(must(view->read_at("never", 2)) == pruned);
      CHECK(must(view->read_at("a", 3)) == absent);
      CHECK(must(view->read_at("b", 1)) == found(1, "1")); // exact at every index since its version
      CHECK(must(view->read_at("b", 0)) == pruned);
      view.reset();
      s.crash(); // persisted before it counts
    }
  });
}

TEST_CASE("below the horizon a removed key is pruned, whether its tombstone is still there or not") {
  for_each_kind({instance_role::replica}, [](subject& s) {
    root_log root;
    root.write({{"a", "1"}});
    root.write({{"a", std::nullopt}});
    root.write({{"b", "1"}});
    must(s->apply(root.after(0), true));
    must(s->set_horizon(3));
    for (int pass = 0; pass < 2; ++pass) {
      CHECK(must(s.view()->read_at("a", 3)) == absent);
      CHECK(must(s.view()->read_at("a", 2)).status == lookup_status::pruned);
      CHECK(must(s.view()->read_at("a", 1)).status == lookup_status::pruned);
      must(s->begin_collect(3)());
    }
  });
}

TEST_CASE("histories of keys that are prefixes of each other, or hold zero bytes, stay apart") {
  for_each_kind({instance_role::replica}, [](subject& s) {
    std::vector<std::string> keys;
    for (auto tail : {"", "a", "b", "ab", "\x01", "\xff"})
      for (std::size_t zeros : {0, 1, 2}) keys.push_back(tail + std::string(zeros, '\0'));
    for (std::size_t i = 0, n = keys.size(); i < n; ++i) keys.push_back("a" + keys[i]);
    root_log root;
    for (int round = 0; round < 3; ++round)
      for (const auto& key : keys) root.write({{key, key + std::to_string(round)}});
    must(s->apply(root.after(0), false));
    for (const auto& key : keys)
      for (index_t at = 0; at <= root.head(); ++at)
        CHECK(must(s.view()->read_at(key, at)) == root.read_at(key, at));
  });
}

TEST_CASE("a proxy answers the past only from what it holds and knows to be unchanged") {
  for_each_kind({instance_role::proxy}, [](subject& s) {
    auto root = sample();
    must(s->apply(root.after(0), true));
    auto status = [&](const char* key, index_t at) { return must(s.view()->read_at(key, at)).status; };
    CHECK(must(s.view()->read_at("b", 1)) == found(1, "1"));
    CHECK(must(s.view()->read_at("a", 5)) == found(5, "5"));
    CHECK(status("a", 4) == lookup_status::pruned);
    CHECK(status("never", 4) == lookup_status::pruned);
    CHECK(status("never", 5) == lookup_status::absent);
    CHECK(status("never", 6) == lookup_status::behind);
    CHECK(code(s->set_horizon(1)) == errc::wrong_role);
  });
}

TEST_CASE("readers beside the writer see one index at a time and never a wrong past") {
  for_each_kind({instance_role::replica}, [](subject& s) {
    root_log root;
    for (int i = 0; i < 300; ++i) root.write({{"a", std::to_string(i)}, {"b", std::to_string(i)}});
    std::atomic<bool> done = false;
    std::atomic<int> wrong = 0;
    auto view = s.view();
    std::thread reader{[&] {
      std::vector<read_record> out;
      std::vector<std::string_view> keys{"a", "b"};
      std::string value;
      while (!done) {
        auto index = view->multi_get(keys, 1000, out);
        bool torn = !index || out[0].value != out[1].value || out[0].answer.version != *index;
        auto before = view->applied();
        auto now = view->get("a", value);
        bool ran_ahead = !now || now->version < before;
        bool fell_behind = !now || now->version > view->applied() || *index > before;
        auto past = view->read_at("b", before);
        bool guessed = !past || *past != root.read_at("b", before);
        if (torn || ran_ahead || fell_behind || guessed) ++wrong;
      }
    }};
    for (index_t i = 0; i < root.head(); i += 3) must(s->apply(root.after(i, 3), false));
    done = true;
    reader.join();
    CHECK(wrong == 0);
  });
}
