// SPDX-License-Identifier: Apache-2.0
// What every store promises about applying entries and reading the present.
#include "tests/storage/subject.hpp"

using namespace argentum;
using namespace argentum::storage;
using namespace argentum::test;

namespace {

const std::string nul{"\0", 1};

read_record record_of(subject& s, const std::string& key) {
  read_record out{key, {}, "untouched"};
  out.answer = must(s.view()->get(key, out.value));
  return out;
}

} // namespace

TEST_CASE("an empty store knows nothing and answers so") {
  for_each_kind([](subject& s) {
    CHECK(record_of(s, "a").answer == read_answer{});
    CHECK(s.view()->applied() == 0);
    CHECK(must(s.view()->digest()) == root_log{}.digest(0));
    CHECK(s->report().applied == position{});
    CHECK(must(s->check({})).verdict == subscribe_verdict::accepted);
    CHECK(must(s->read_log(0, 100)) == nullptr);
    CHECK(must(s->import_state()).index == 0);
    must(s->apply({}, true));
  });
}

TEST_CASE("applied entries are read, counted and reported") {
  for_each_kind([](subject& s) {
    root_log root;
    root.write({{"a", "1"}, {"", "empty key"}, {nul, ""}});
    root.write({{"a", "2"}, {"b", std::string(100'000, 'x')}});
    root.write({{"b", std::nullopt}});
    must(s->apply(root.after(0), true));
    CHECK(record_of(s, "a").value == "2");
    CHECK(record_of(s, "a").answer == read_answer{read_status::found, 2});
    CHECK(record_of(s, "").answer == read_answer{read_status::found, 1});
    CHECK(record_of(s, nul).value == "");
    CHECK(record_of(s, "b").answer == read_answer{});
    auto report = s->report();
    CHECK(report.applied == root.at(3));
    CHECK(report.durable == 3);
    CHECK(report.key_count == 3);
    CHECK(report.role == s.role);
    CHECK(s.view()->applied() == 3);
    CHECK(s.view()->key_count() == 3);
    CHECK(must(s.view()->digest()) == root.digest(3));
    int asked = 0;
    CHECK(code(s.view()->digest([&] { return ++asked == 2; })) == errc::unavailable); // told to stop
    CHECK(asked == 2);
  });
}

TEST_CASE("what is not the next entry is refused and changes nothing") {
  for_each_kind([](subject& s) {
    root_log root;
    root.epoch = 2;
    for (int i = 0; i < 6; ++i) root.write({{"k" + std::to_string(i), "v"}});
    must(s->apply(root.after(0, 2), true));
    auto before = must(s.view()->digest());
    auto refuses = [&](std::vector<log_record> run, errc why) {
      CHECK(code(s->apply(run, true)) == why);
      CHECK(must(s.view()->digest()) == before);
      CHECK(s->report().applied == root.at(2));
    };
    refuses(root.after(3, 1), errc::out_of_order);
    refuses(root.after(1, 2), errc::out_of_order);
    auto gap = root.after(2, 3);
    gap.erase(gap.begin() + 1);
    refuses(gap, errc::out_of_order);
    auto chain = root.after(2, 2);
    chain[1].chain ^= 1;
    refuses(chain, errc::diverged);
    auto remade = [&](std::string bytes) {
      return std::vector<log_record>{{3, extend_chain(root.at(2).chain, bytes), bytes}};
    };
    refuses(remade("nonsense"), errc::corrupt);
    refuses(remade(root.after(2, 1)[0].bytes + "x"), errc::corrupt);
    refuses(remade(root.after(3, 1)[0].bytes), errc::corrupt);
    refuses(remade(encode_entry({1, 3, {}, {}})), errc::diverged);
    auto removing = [](std::size_t times) {
      return encode_entry({2, 3, {}, std::vector<mutation>(times, {mutation_kind::remove, "k0", ""})});
    };
    refuses(remade(removing(3)), errc::diverged); // more removes than keys
    if (s.is_replica()) refuses(remade(removing(2)), errc::corrupt);
    must(s->apply(root.after(2), true));
    CHECK(must(s.view()->digest()) == root.digest(6));
  });
}

TEST_CASE("a replica refuses an entry that saw another state of a key, in the middle of a run too") {
  for_each_kind({instance_role::replica}, [](subject& s) {
    root_log root;
    root.write({{"a", "1"}});
    must(s->apply(root.after(0), true));
    auto wrong = [&](mutation_kind kind, const char* key) {
      root_log other;
      other.write({{"a", "1"}});
      other.write({{"fine", "x"}});
      auto run = other.after(1);
      auto bytes = encode_entry({1, 3, stamp_t{}, {{kind, key, ""}}});
      run.push_back({3, extend_chain(run[0].chain, bytes), bytes});
      CHECK(code(s->apply(run, true)) == errc::diverged);
      CHECK(record_of(s, "fine").answer == read_answer{});
      CHECK(s->report().applied == root.at(1));
    };
    wrong(mutation_kind::create, "a");
    wrong(mutation_kind::create, "fine");
    wrong(mutation_kind::update, "b");
    wrong(mutation_kind::remove, "b");
    CHECK(must(s.view()->digest()) == root.digest(1));
  });
}

TEST_CASE("several keys are read as of one index, within a bound") {
  for_each_kind([](subject& s) {
    root_log root;
    root.write({{"a", std::string(600, 'a')}, {"b", std::string(400, 'b')}});
    must(s->apply(root.after(0), true));
    std::vector<read_record> out;
    std::vector<std::string_view> keys{"b", "none", "a", "b"};
    CHECK(must(s.view()->multi_get(keys, 1400, out)) == 1);
    REQUIRE(out.size() == 4);
    CHECK(out[0].value == std::string(400, 'b'));
    CHECK(out[1].answer == read_answer{});
    CHECK(out[2].answer == read_answer{read_status::found, 1});
    CHECK(out[3].value == out[0].value);
    CHECK(code(s.view()->multi_get(keys, 1399, out)) == errc::too_large);
    CHECK(must(s.view()->multi_get({}, 0, out)) == 1);
  });
}

TEST_CASE("pages walk all live keys in byte order") {
  for_each_kind([](subject& s) {
    root_log root;
    std::vector<change> changes;
    for (auto key : {"", "a", "ab", "b", "\xff"}) changes.push_back({key, std::string(10, 'v')});
    changes.push_back({"a" + nul, "v"});
    root.write(changes);
    root.write({{"b", std::nullopt}});
    must(s->apply(root.after(0), true));
    std::vector<std::string> seen;
    std::vector<read_record> out;
    for (bool first = true; first || !out.empty(); first = false) {
      auto after = seen.empty() ? std::string{} : seen.back();
      CHECK(must(s.view()->page({after, first, 2, 1000, true}, out)) == 2);
      CHECK(out.size() <= 2);
      for (auto& item : out) {
        CHECK(item.value == root.read_at(item.key, 2).value);
        seen.push_back(item.key);
      }
    }
    CHECK(seen == root.keys(2));
    must(s.view()->page({"a", false, 10, 1, true}, out));
    REQUIRE(out.size() == 1); // stops at bytes_max, after at least one
    CHECK(out[0].key == "a" + nul);
    must(s.view()->page({"", true, 10, 1000, false}, out));
    CHECK(out.size() == 5);
    CHECK(out[0].value.empty());
    must(s.view()->page({"", true, 0, 1000, false}, out));
    CHECK(out.empty());
  });
}

TEST_CASE("a store is adopted once") {
  for_each_kind([](subject& s) {
    CHECK(code(s->adopt({})) == errc::invalid);
    must(s->adopt({1, 2}));
    must(s->adopt({1, 2}));
    CHECK(code(s->adopt({1, 3})) == errc::wrong_instance);
    s.crash();
    CHECK(s->report().id == instance_id{1, 2});
  });
}

TEST_CASE("unsynced entries are visible, not yet durable, and lost by a crash; synced ones are not") {
  for_each_kind([](subject& s) {
    root_log root;
    for (int i = 0; i < 6; ++i) root.write({{"k", std::to_string(i)}, {"n" + std::to_string(i), "v"}});
    must(s->apply(root.after(0, 2), true));
    must(s->apply(root.after(2, 1), false));
    CHECK(s->report().applied.index == 3);
    CHECK(s->report().durable == 2);
    CHECK(record_of(s, "k").value == "2");
    must(s->sync());
    CHECK(s->report().durable == 3);
    must(s->apply(root.after(3, 2), false));
    s.crash();
    CHECK(s->report().applied == root.at(3));
    CHECK(s->report().durable == 3);
    CHECK(must(s.view()->digest()) == root.digest(3));
    must(s->apply(root.after(3), false));
    s.reopen(); // without a crash nothing is lost
    CHECK(s->report().applied == root.at(6));
    CHECK(must(s.view()->digest()) == root.digest(6));
  });
}

TEST_CASE("an old view still answers while a newer store is in use") {
  for_each_kind([](subject& s) {
    root_log root;
    root.write({{"a", "1"}});
    must(s->apply(root.after(0), true));
    auto view = s.view();
    s.store.reset();
    std::string value;
    CHECK(must(view->get("a", value)).status == read_status::found);
    CHECK(value == "1");
  });
}
