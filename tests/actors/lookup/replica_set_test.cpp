// SPDX-License-Identifier: Apache-2.0
// Replicas come and go while a proxy is in use, and more is asked of them than they can answer.
#include "tests/actors/lookup/lookup_world.hpp"

using namespace argentum;
using namespace argentum::test;
using namespace std::chrono_literals;
using strings = std::vector<std::string>;

TEST_CASE("a new set replaces the old one: links to who is gone are let go of") {
  lookup_world w{3};
  auto version = w.put("a", "value");
  w.set({1, 2});
  CHECK(w.unwanted == strings{lookup_world::address(0)});
  for (int i = 0; i < 30; ++i) CHECK(w.fetch({{"a", version}})->values == strings{"value"});
  CHECK(w.replicas[0].asked.empty());
  w.set({0});
  CHECK(w.unwanted.size() == 3);
  auto asked = w.requests();
  CHECK(w.fetch({{"a", version}})->values == strings{"value"});
  CHECK(w.replicas[0].asked.size() == 1);
  CHECK(w.requests() == asked + 1);
}

TEST_CASE("what a replica was asked before it left the set is still answered by it") {
  lookup_world w{1};
  auto version = w.put("a", "value");
  w.replicas[0].mute = true;
  auto out = w.fetch({{"a", version}});
  w.set({});
  CHECK(w.unwanted.empty());
  CHECK(out->answers == 0);
  w.answer(0, 0);
  CHECK(out->values == strings{"value"});
  CHECK(w.unwanted == strings{lookup_world::address(0)});
  CHECK(w.fetch({{"a", version}})->failed == errc::no_replica);
}

TEST_CASE("a replica that left and never answers is let go of, and its reads go to the others") {
  lookup_world w{2};
  auto version = w.put("a", "value");
  w.cut(1, false);
  w.replicas[0].mute = true;
  auto out = w.fetch({{"a", version}});
  REQUIRE(w.replicas[0].asked.size() == 1);
  w.sys.advance(limits::redial_delay_min);
  w.set({1});
  w.sys.advance(limits::lookup_attempt + limits::lookup_sweep);
  CHECK(out->values == strings{"value"});
  CHECK(w.unwanted == strings{lookup_world::address(0)});
}

TEST_CASE("until the first set comes reads wait for it, but not past their deadline") {
  lookup_world w{0, true};
  w.add_replica(0);
  auto version = w.put("a", "value");
  auto late = w.fetch({{"a", version}});
  w.sys.advance(limits::lookup_deadline - 1ms);
  CHECK(late->answers == 0);
  auto out = w.fetch({{"a", version}});
  w.sys.advance(1ms + limits::lookup_sweep);
  CHECK(late->failed == errc::no_replica);
  w.set({0});
  CHECK(out->values == strings{"value"});
  w.set({});
  CHECK(w.fetch({{"a", version}})->failed == errc::no_replica);
}

TEST_CASE("an empty first set fails what waited for it") {
  lookup_world w{0, true};
  auto out = w.fetch({{"a", 1}});
  CHECK(out->answers == 0);
  w.set({});
  CHECK(out->failed == errc::no_replica);
}

TEST_CASE("what the replicas would not answer in time is refused at once, the rest is answered") {
  lookup_world w{1};
  std::vector<fetch_command::item> items;
  for (int i = 0; i < 14'000; ++i) items.push_back({"k" + std::to_string(i), w.put("k" + std::to_string(i), "v")});
  w.replicas[0].mute = true;
  auto waiting = w.fetch(items);
  for (std::size_t i = 0; i < 4; ++i) { // about 256 in 60 ms: 8,500 until a read's deadline
    w.sys.advance(60ms);
    w.answer(0, i);
  }
  auto version = w.put("one more", "v");
  CHECK(w.fetch({{"one more", version}})->failed == errc::overloaded);
  CHECK(w.metrics->misses_shed.value() == 1);
  CHECK(w.fetch({{"k13999", items[13999].version}})->answers == 0); // waits already: one reader more costs nothing
  w.replicas[0].mute = false;
  for (std::size_t i = 4; i < w.replicas[0].asked.size(); ++i) w.answer(0, i);
  CHECK(waiting->values.size() == 14'000);
  CHECK(w.fetch({{"one more", version}})->values == strings{"v"});
}

TEST_CASE("how the pool is gets published once a second while it is in use") {
  lookup_world w;
  auto version = w.put("a", "value");
  for (int i = 0; i < 50; ++i) w.fetch({{"a", version}});
  w.sys.advance(limits::pool_report_interval);
  auto report = w.report->load();
  REQUIRE(report);
  REQUIRE(report->replicas.size() == 2);
  CHECK(report->replicas[0].linked);
  CHECK(report->replicas[0].requests + report->replicas[1].requests == 50);
  CHECK(report->replicas[0].share + report->replicas[1].share == doctest::Approx(1));
  CHECK(report->hedge_delay == limits::hedge_delay_min);
  w.fetch({{"a", version}});
  CHECK(w.report->load() == report);
  w.sys.advance(limits::pool_report_interval);
  CHECK(w.report->load() != report);
}
