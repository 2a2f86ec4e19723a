// SPDX-License-Identifier: Apache-2.0
#include "actors/lookup/replica_pool.hpp"
#include "messages/limits.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

const replica_pool::time_point start{1h};

struct pool_fixture {
  replica_pool pool = pool_of({"a:1", "b:1", "c:1"});
  std::mt19937_64 random{test::random_seed("replica_pool")};

  static replica_pool pool_of(const std::vector<std::string>& addresses) {
    replica_pool made;
    made.set(set_of(addresses));
    return made;
  }
  static std::vector<set_replicas::replica> set_of(const std::vector<std::string>& addresses) {
    std::vector<set_replicas::replica> set;
    for (const auto& address : addresses) set.push_back({address, 0});
    return set;
  }
  void connect_all() {
    for (auto n : pool.members()) pool.connected(n, {n + 1});
  }
  void isolate(replica_no n) {
    for (unsigned i = 0; i < limits::isolation_failures; ++i) pool.failed(n, start);
  }
  void sent(replica_no n, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) pool.sent(n, start);
  }
  /// Answers of a usual size.
  void done(replica_no n, std::size_t count = 1) {
    for (std::size_t i = 0; i < count; ++i) pool.answered(n, start, 1000);
  }
  /// Which replicas are chosen, how often, in 1000 draws.
  std::map<replica_no, int> draw(replica_pool::time_point now, const std::function<bool(replica_no)>& may) {
    std::map<replica_no, int> hits;
    for (int i = 0; i < 1000; ++i) {
      if (auto c = pool.choose(now, may, random).replica) ++hits[*c];
    }
    return hits;
  }
};

bool any(replica_no) {
  return true;
}

} // namespace

TEST_CASE_FIXTURE(pool_fixture, "only connected replicas that may be asked are chosen") {
  CHECK(!pool.choose(start, any, random).replica);
  CHECK(!pool.choose(start, any, random).busy);
  pool.connected(1, {7});
  CHECK(pool.choose(start, any, random).replica == replica_no{1});
  CHECK(!pool.choose(
                 start, [](replica_no n) { return n != 1; }, random)
             .replica);
  CHECK(pool.at_link({7}) == replica_no{1});
  CHECK(!pool.at_link({}));
  CHECK(pool.at_address("c:1") == replica_no{2});
}

TEST_CASE_FIXTURE(pool_fixture, "the less loaded of two wins, by requests in flight and by latency") {
  connect_all();
  for (int i = 0; i < 100; ++i) done(0);
  sent(0, 5);
  auto hits = draw(start, any);
  CHECK(!hits.contains(0)); // every pair holds a less loaded one
  CHECK(hits[1] > 300);
  CHECK(hits[2] > 300);
  done(0, 5);
  for (int i = 0; i < 20; ++i) pool.measured(1, 50ms);
  CHECK(!pool.choose(
                 start, [](replica_no n) { return n > 2; }, random)
             .replica);
  for (int i = 0; i < 50; ++i) CHECK(pool.choose(start, any, random).replica != replica_no{1});
}

TEST_CASE_FIXTURE(pool_fixture, "a slow replica gets few requests, and its share when it is quick again") {
  pool = pool_of({"a:1", "b:1"});
  connect_all();
  auto serve = [&](replica_pool::duration first, replica_pool::duration second) {
    int hits = 0;
    for (int i = 0; i < 2000; ++i) {
      auto n = pool.choose(start, any, random).replica.value();
      pool.measured(n, n == 0 ? first : second);
      hits += n == 0;
    }
    return hits;
  };
  serve(10ms, 1ms);
  CHECK(serve(10ms, 1ms) < 200);
  CHECK(serve(10ms, 1ms) > 0);
  serve(1ms, 1ms);
  CHECK(serve(1ms, 1ms) > 500);
}

TEST_CASE_FIXTURE(pool_fixture, "one outlier changes little") {
  pool = pool_of({"a:1", "b:1"});
  connect_all();
  for (int i = 0; i < 20; ++i) pool.measured(1, 2ms);
  for (int i = 0; i < 20; ++i) pool.measured(0, 1ms);
  pool.measured(0, 4ms); // 1 + 3/8
  CHECK(pool.choose(start, any, random).replica == replica_no{0});
  for (int i = 0; i < 20; ++i) pool.measured(0, 4ms);
  CHECK(pool.choose(start, any, random).replica == replica_no{1});
}

TEST_CASE_FIXTURE(pool_fixture, "an isolated replica is avoided, unless there is no other") {
  connect_all();
  isolate(0);
  CHECK(!draw(start + limits::replica_isolation - 1ms, any).contains(0));
  CHECK(!draw(start + limits::replica_isolation, any).contains(0)); // it is probed with copies first
  CHECK(pool.to_probe(start + limits::replica_isolation, any) == replica_no{0});
  CHECK(draw(start, [](replica_no n) { return n == 0; })[0] == 1000);
}

TEST_CASE_FIXTURE(pool_fixture, "another datacenter is asked only when our own cannot answer") {
  pool.connected(0, {1}, true);
  CHECK(draw(start, any)[0] == 1000);
  pool.connected(1, {2});
  pool.connected(2, {3});
  for (int i = 0; i < 20; ++i) pool.measured(1, 200ms);
  CHECK(!draw(start, any).contains(0));                               // however slow, and however quick the far one
  CHECK(draw(start, [](replica_no n) { return n == 0; })[0] == 1000); // the others had no answer to this miss
  isolate(1);
  isolate(2);
  CHECK(draw(start, any)[0] == 1000);
  for (replica_no n : {1, 2}) {
    pool.succeeded(n);
    done(n, 100);
    sent(n, limits::lookups_in_flight_max);
  }
  CHECK(draw(start, any)[0] == 1000);
  done(1);
  CHECK(draw(start, any)[1] == 1000);
}

TEST_CASE_FIXTURE(pool_fixture, "the nearest rank that can answer is asked") {
  pool.set({{"a:1", 2}, {"b:1", 1}, {"c:1", 1}});
  connect_all();
  auto hits = draw(start, any);
  CHECK(!hits.contains(0));
  CHECK(hits[1] + hits[2] == 1000);
  pool.disconnected(1, start, random);
  pool.disconnected(2, start, random);
  CHECK(draw(start, any)[0] == 1000);
}

TEST_CASE_FIXTURE(pool_fixture, "requests in flight are bounded; busy is told apart from unable") {
  pool.connected(0, {1});
  done(0, 100);
  for (std::size_t i = 0; i < limits::lookups_in_flight_max; ++i) {
    CHECK(pool.has_room());
    sent(0, 1);
  }
  CHECK(!pool.has_room());
  auto choice = pool.choose(start, any, random);
  CHECK(!choice.replica);
  CHECK(choice.busy);
  CHECK(!pool.choose(
                 start, [](replica_no n) { return n == 1; }, random)
             .busy);
  done(0);
  CHECK(pool.choose(start, any, random).replica == replica_no{0});
  sent(0, 1);
  pool.disconnected(0, start, random);
  pool.connected(0, {2});
  CHECK(pool.has_room()); // what was in flight went with the link
}

TEST_CASE_FIXTURE(pool_fixture, "large answers, and answers of unknown size, leave room for few requests") {
  pool.connected(0, {1});
  auto room = [&] {
    std::size_t n = 0;
    replica_pool asked = pool;
    for (; asked.has_room(); ++n) asked.sent(0, start);
    return n;
  };
  CHECK(room() == limits::lookup_bytes_in_flight / limits::lookup_answer_bytes);
  done(0, 100);
  CHECK(room() == limits::lookups_in_flight_max);
  pool.answered(0, start, limits::value_bytes_max);
  CHECK(room() == 1);
  done(0);
  CHECK(room() == 1);
}

TEST_CASE_FIXTURE(pool_fixture, "links are asked for at the start, then with growing delay") {
  CHECK(pool.due(start) == std::vector<replica_no>{0, 1, 2});
  CHECK(pool.due(start).empty());
  CHECK(!pool.next_due());
  auto now = start;
  replica_pool::duration before{0};
  for (int i = 0; i < 12; ++i) {
    pool.disconnected(0, now, random);
    auto delay = pool.next_due().value() - now;
    CHECK(delay >= before / 2);
    CHECK(delay >= limits::redial_delay_min / 2);
    CHECK(delay <= limits::redial_delay_max);
    if (i == 11) CHECK(delay >= limits::redial_delay_max / 2);
    before = delay;
    CHECK(pool.due(now + delay - 1ns).empty());
    now += delay;
    CHECK(pool.due(now) == std::vector<replica_no>{0});
  }
  pool.connected(0, {1});
  CHECK(!pool.next_due());
  pool.disconnected(0, now, random);
  CHECK(pool.next_due().value() - now <= limits::redial_delay_min);
}

TEST_CASE_FIXTURE(pool_fixture, "a replica that has stopped loses every draw before its answer is missed") {
  connect_all();
  for (auto n : pool.members()) {
    done(n, 100);
    pool.measured(n, 1ms);
  }
  pool.sent(0, start);
  for (replica_no n : {1, 2}) pool.sent(n, start + 9ms);
  pool.sent(1, start + 9ms);
  auto hits = draw(start + 10ms, any); // 2 * 10 ms against 3 * 1 ms and 2 * 1 ms
  CHECK(!hits.contains(0));
  CHECK(hits[1] > 0);
}

TEST_CASE_FIXTURE(pool_fixture, "an isolated replica is probed by one request at a time and healed by an answer") {
  connect_all();
  isolate(0);
  auto later = start + limits::replica_isolation;
  CHECK(!pool.to_probe(later - 1ns, any));
  CHECK(!pool.to_probe(later, [](replica_no n) { return n != 0; }));
  pool.sent(0, later);
  CHECK(!pool.to_probe(later, any));
  CHECK(pool.timed_out(0, later, later + 500ms));
  CHECK(!pool.to_probe(later + limits::replica_isolation + 500ms, any)); // twice as long
  later += 2 * limits::replica_isolation + 500ms;
  CHECK(pool.to_probe(later, any) == replica_no{0});
  pool.succeeded(0);
  CHECK(!pool.to_probe(later, any));
  for (int i = 0; i < 100; ++i) pool.measured(0, 1us);
  CHECK(draw(later, any)[0] > 100);
}

TEST_CASE_FIXTURE(pool_fixture, "the set changes: who is gone is not asked, and leaves when it is answered") {
  connect_all();
  pool.sent(0, start);
  pool.set(set_of({"b:1", "d:1", "b:1"}));
  CHECK(pool.members() == std::vector<replica_no>{1, 3});
  CHECK(pool.take_left() == std::vector<std::string>{"c:1"});
  CHECK(pool.take_left().empty());
  CHECK(draw(start, any)[1] == 1000);
  CHECK(pool.at_link({1}) == replica_no{0}); // its answer is still welcome
  pool.answered(0, start, 10);
  CHECK(pool.take_left() == std::vector<std::string>{"a:1"});
  CHECK(!pool.at_address("a:1"));
  pool.set(set_of({"a:1", "b:1"}));
  CHECK(pool.members() == std::vector<replica_no>{1, 4}); // a number is not given again
}

TEST_CASE_FIXTURE(pool_fixture, "a replica that comes back while it leaves goes on with its link") {
  connect_all();
  pool.sent(0, start);
  pool.set({});
  CHECK(pool.empty());
  CHECK(!pool.choose(start, any, random).replica);
  pool.set(set_of({"a:1"}));
  CHECK(pool.members() == std::vector<replica_no>{0});
  CHECK(pool.choose(start, any, random).replica == replica_no{0});
}

TEST_CASE_FIXTURE(pool_fixture, "of too many replicas the nearest are kept") {
  std::vector<set_replicas::replica> many;
  for (std::uint32_t i = 0; i < 100; ++i) many.push_back({"h" + std::to_string(i) + ":1", 100 - i});
  pool.set(many);
  CHECK(pool.members().size() == limits::pool_replicas_max);
  CHECK(pool.at_address("h99:1"));
  CHECK(!pool.at_address("h0:1"));
}

TEST_CASE_FIXTURE(pool_fixture, "the report says what was asked of whom and what is wrong") {
  connect_all();
  for (auto n : pool.members()) sent(n, n == 0 ? 6 : 2);
  pool.measured(0, 3ms);
  isolate(2);
  auto report = pool.report();
  REQUIRE(report.size() == 3);
  CHECK(report[0].share == doctest::Approx(0.6));
  CHECK(report[0].in_flight == 6);
  CHECK(report[0].latency == 3ms);
  CHECK(report[0].trouble.empty());
  CHECK(report[2].errors == limits::isolation_failures);
  CHECK(report[2].trouble.find("could not read") != std::string::npos);
  CHECK(report[2].isolated_until == start + limits::replica_isolation);
}
