// SPDX-License-Identifier: Apache-2.0
// The small rules that the pool of replicas rests on.
#include "actors/lookup/hedging.hpp"
#include "actors/lookup/replica_health.hpp"
#include "actors/lookup/service_rate.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <random>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

const replica_health::time_point start{1h};
using phase = replica_health::phase;

} // namespace

TEST_CASE("a sliding quantile is that of the last times, whatever came before") {
  std::mt19937_64 random{test::random_seed("sliding_quantile")};
  sliding_quantile quantile{50};
  std::deque<sliding_quantile::duration> last;
  for (int i = 0; i < 1000; ++i) {
    sliding_quantile::duration took{random() % 20}; // many are equal
    quantile.note(took);
    last.push_back(took);
    if (last.size() > 50) last.pop_front();
    auto sorted = last;
    std::sort(sorted.begin(), sorted.end());
    if (sorted.size() >= 21) CHECK(quantile.at(0.95) == sorted[sorted.size() * 95 / 100]);
  }
}

TEST_CASE("of a few times the 95th percentile is not known") {
  sliding_quantile quantile{50};
  for (int i = 0; i < 20; ++i) {
    quantile.note(1ms);
    CHECK(!quantile.at(0.95));
  }
  quantile.note(1ms);
  CHECK(quantile.at(0.95) == 1ms);
}

TEST_CASE("the hedge comes after the 95th percentile, and not at once however fast the answers are") {
  hedging rule;
  CHECK(!rule.delay());
  for (int i = 0; i < 90; ++i) rule.answered(5us);
  CHECK(rule.delay() == limits::hedge_delay_min);
  for (int i = 0; i < 10; ++i) rule.answered(8ms);
  CHECK(rule.delay() == 8ms);
}

TEST_CASE("hedges add at most a tenth to the load, over some time") {
  hedging rule;
  std::size_t hedged = 0;
  auto all = [&] {
    while (rule.spend()) ++hedged;
    return hedged;
  };
  CHECK(all() == limits::hedge_burst);
  for (int i = 0; i < 1000; ++i) {
    rule.asked();
    all();
  }
  CHECK(hedged == limits::hedge_burst + 1000 / limits::hedge_budget_part);
  for (int i = 0; i < 100'000; ++i) rule.asked();
  hedged = 0;
  CHECK(all() == limits::hedge_burst);
}

TEST_CASE("failures in a row isolate, one answer between them does not let it come to that") {
  replica_health health;
  for (int round = 0; round < 3; ++round) {
    for (unsigned i = 1; i < limits::isolation_failures; ++i) CHECK(!health.failed("no answer", start));
    health.succeeded();
  }
  for (unsigned i = 1; i < limits::isolation_failures; ++i) CHECK(!health.failed("no answer", start));
  CHECK(health.at(start) == phase::well);
  CHECK(health.trouble().empty());
  CHECK(health.failed("no answer", start));
  CHECK(health.at(start) == phase::isolated);
  CHECK(health.trouble() == "no answer, 3 times in a row");
}

TEST_CASE("isolation doubles with each failed probe up to a bound, and is over with an answer") {
  replica_health health;
  for (unsigned i = 0; i < limits::isolation_failures; ++i) health.failed("no answer", start);
  auto now = start;
  replica_health::duration length = limits::replica_isolation;
  for (int i = 0; i < 8; ++i) {
    CHECK(health.isolated_until() == now + length);
    CHECK(!health.failed("no answer", now + length - 1ns)); // asked before it was isolated: says nothing new
    now += length;
    CHECK(health.at(now) == phase::half_open);
    CHECK(health.failed("no answer", now));
    length = std::min<replica_health::duration>(2 * length, limits::replica_isolation_max);
  }
  CHECK(length == limits::replica_isolation_max);
  health.succeeded();
  CHECK(health.at(now) == phase::well);
  CHECK(!health.failed("no answer", now));
}

TEST_CASE("reads are refused only when a queue is known to be served too slowly") {
  service_rate rate;
  rate.answered(10, start); // no queue: what the replicas can do is not known
  rate.answered(10, start + 1h);
  CHECK(rate.can_serve(1'000'000, 2s));
  rate.queueing(true, start);
  rate.answered(50, start + limits::service_window / 2);
  CHECK(rate.can_serve(1'000'000, 2s));
  rate.answered(50, start + limits::service_window); // 100 in 200 ms
  CHECK(rate.can_serve(1000, 2s));
  CHECK(!rate.can_serve(1001, 2s));
  CHECK(rate.can_serve(2000, 4s));
  rate.queueing(true, start + limits::service_window);
  rate.answered(10, start + 2 * limits::service_window); // slower now
  CHECK(!rate.can_serve(101, 2s));
  rate.queueing(false, start + 1s);
  CHECK(rate.can_serve(1'000'000, 2s));
}
