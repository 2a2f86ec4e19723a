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
  replica_pool pool{{"a:1", "b:1", "c:1"}};
  std::mt19937_64 random{test::random_seed("replica_pool")};

  void connect_all() {
    for (replica_no n = 0; n < pool.size(); ++n) pool.connected(n, {n + 1});
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
  for (int i = 0; i < 5; ++i) pool.sent(0);
  auto hits = draw(start, any);
  CHECK(!hits.contains(0)); // every pair holds a less loaded one
  CHECK(hits[1] > 300);
  CHECK(hits[2] > 300);
  for (int i = 0; i < 5; ++i) pool.done(0);
  for (int i = 0; i < 20; ++i) pool.measured(1, 50ms);
  CHECK(!pool.choose(
                 start, [](replica_no n) { return n > 2; }, random)
             .replica);
  for (int i = 0; i < 50; ++i) CHECK(pool.choose(start, any, random).replica != replica_no{1});
}

TEST_CASE_FIXTURE(pool_fixture, "a slow replica gets few requests, and its share when it is quick again") {
  pool = replica_pool{{"a:1", "b:1"}};
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
  pool = replica_pool{{"a:1", "b:1"}};
  connect_all();
  for (int i = 0; i < 20; ++i) pool.measured(1, 2ms);
  for (int i = 0; i < 20; ++i) pool.measured(0, 1ms);
  pool.measured(0, 4ms); // 1 + 3/8
  CHECK(pool.choose(start, any, random).replica == replica_no{0});
  for (int i = 0; i < 20; ++i) pool.measured(0, 4ms);
  CHECK(pool.choose(start, any, random).replica == replica_no{1});
}

TEST_CASE_FIXTURE(pool_fixture, "a replica that failed is avoided for a while, unless there is no other") {
  connect_all();
  pool.isolate(0, start);
  CHECK(!draw(start + limits::replica_isolation - 1ms, any).contains(0));
  CHECK(draw(start + limits::replica_isolation, any).contains(0));
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
  pool.isolate(1, start);
  pool.isolate(2, start);
  CHECK(draw(start, any)[0] == 1000);
  auto later = start + limits::replica_isolation;
  for (replica_no n : {1, 2})
    for (std::size_t i = 0; i < limits::lookups_in_flight_max; ++i) pool.sent(n);
  CHECK(draw(later, any)[0] == 1000);
  pool.done(1);
  CHECK(draw(later, any)[1] == 1000);
}

TEST_CASE_FIXTURE(pool_fixture, "requests in flight are bounded; busy is told apart from unable") {
  pool.connected(0, {1});
  for (int i = 0; i < 100; ++i) pool.answered(0, 1000);
  for (std::size_t i = 0; i < limits::lookups_in_flight_max; ++i) {
    CHECK(pool.has_room());
    pool.sent(0);
  }
  CHECK(!pool.has_room());
  auto choice = pool.choose(start, any, random);
  CHECK(!choice.replica);
  CHECK(choice.busy);
  CHECK(!pool.choose(
                 start, [](replica_no n) { return n == 1; }, random)
             .busy);
  pool.done(0);
  CHECK(pool.choose(start, any, random).replica == replica_no{0});
  pool.sent(0);
  pool.disconnected(0, start, random);
  pool.connected(0, {2});
  CHECK(pool.has_room()); // what was in flight went with the link
}

TEST_CASE_FIXTURE(pool_fixture, "large answers, and answers of unknown size, leave room for few requests") {
  pool.connected(0, {1});
  auto room = [&] {
    std::size_t n = 0;
    for (; pool.has_room(); ++n) pool.sent(0);
    for (std::size_t i = 0; i < n; ++i) pool.done(0);
    return n;
  };
  CHECK(room() == limits::lookup_bytes_in_flight / limits::lookup_answer_bytes);
  for (int i = 0; i < 100; ++i) pool.answered(0, 1000);
  CHECK(room() == limits::lookups_in_flight_max);
  pool.answered(0, limits::value_bytes_max);
  CHECK(room() == 1);
  pool.answered(0, 1000);
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

TEST_CASE("an address that is given twice is one replica") {
  CHECK(replica_pool{{"a:1", "b:1", "a:1"}}.size() == 2);
}
