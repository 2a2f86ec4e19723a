// SPDX-License-Identifier: Apache-2.0
#include "actors/lookup/miss_table.hpp"
#include "messages/limits.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

const miss_table::time_point start{1h};

lookup_response found(std::uint64_t id, std::uint32_t first, std::size_t count) {
  lookup_response r{id, first, {}};
  r.answers.assign(count, lookup_answer{lookup_status::found, 1, "v"});
  return r;
}

struct table_fixture {
  miss_table table;
  miss_id a = table.join("a", 1, {1, 0}, start + 2s).id;
  miss_id b = table.join("b", 1, {1, 1}, start + 2s).id;
};

} // namespace

TEST_CASE_FIXTURE(table_fixture, "equal misses are one; another version is another miss") {
  auto again = table.join("a", 1, {2, 0}, start + 2s);
  CHECK(again.shared);
  CHECK(again.id == a);
  CHECK(!table.join("a", 2, {2, 1}, start + 2s).shared);
  CHECK(table.size() == 3);
  CHECK(table.contains("a", 2));
  CHECK(!table.contains("a", 3));
  CHECK(table.find(a)->waiters.size() == 2);
}

TEST_CASE_FIXTURE(table_fixture, "waiting misses go out oldest first and are joined in flight too") {
  CHECK(table.next_waiting(0) == a);
  CHECK(table.next_waiting(a) == b);
  CHECK(!table.next_waiting(b));
  auto request = table.send({a, b}, 1, sent_as::first, start);
  CHECK(request.items == std::vector<lookup_item>{{"a", 1}, {"b", 1}});
  CHECK(table.waiting() == 0);
  CHECK(table.join("a", 1, {3, 0}, start + 2s).shared);
  CHECK(table.waiting() == 0);
}

TEST_CASE_FIXTURE(table_fixture, "parts of an answer find their misses; each grants more time") {
  auto id = table.send({a, b}, 1, sent_as::first, start).id;
  CHECK(!table.take_part(found(id, 0, 1), 0, start)); // another replica
  CHECK(!table.take_part(found(id + 1, 0, 1), 1, start));
  CHECK(!table.take_part(found(id, 1, 2), 1, start)); // more than asked for
  CHECK(!table.take_part(found(id, 3, 0), 1, start));
  auto first = table.take_part(found(id, 1, 1), 1, start + 400ms).value();
  CHECK(first.begins);
  CHECK(first.sent_at == start);
  CHECK(!first.answer_bytes);
  REQUIRE(first.answered.size() == 1);
  CHECK(first.answered[0] == std::pair<miss_id, std::size_t>{b, 0});
  CHECK(table.take_overdue(start + limits::lookup_attempt).empty());
  auto rest = table.take_part(found(id, 0, 2), 1, start + 450ms).value();
  CHECK(!rest.begins);
  CHECK(rest.answer_bytes == 2);
  CHECK(rest.answered.size() == 1); // b was answered before
  CHECK(!table.take_part(found(id, 0, 2), 1, start));
}

TEST_CASE_FIXTURE(table_fixture, "an attempt that takes too long gives back what was not answered") {
  auto id = table.send({a, b}, 1, sent_as::first, start).id;
  table.take_part(found(id, 0, 1), 1, start);
  table.remove(a);
  CHECK(table.take_overdue(start + limits::lookup_attempt - 1ns).empty());
  auto lost = table.take_overdue(start + limits::lookup_attempt);
  REQUIRE(lost.size() == 1);
  CHECK(lost[0].replica == 1);
  CHECK(lost[0].misses == std::vector<miss_id>{b});
  CHECK(!table.take_part(found(id, 1, 1), 1, start));
  table.resume(b);
  CHECK(table.next_waiting(0) == b);
}

TEST_CASE_FIXTURE(table_fixture, "a lost replica gives back its requests, others stay") {
  table.send({a}, 0, sent_as::first, start);
  table.send({b}, 1, sent_as::first, start);
  auto lost = table.take_all_at(0);
  REQUIRE(lost.size() == 1);
  CHECK(lost[0].misses == std::vector<miss_id>{a});
  CHECK(table.take_all_at(0).empty());
}

TEST_CASE_FIXTURE(table_fixture, "a pause ends in time, doubles each round, and makes replicas eligible again") {
  auto pause = [&](miss_table::time_point from) {
    table.park(a, from);
    auto t = from;
    while (!table.next_waiting(0) || table.next_waiting(0) != a) table.unpark(t += 1ms);
    return t - from;
  };
  table.note(a, 0, replica_verdict::again);
  table.note(a, 1, replica_verdict::pruned);
  CHECK(pause(start) == limits::lookup_retry_min);
  CHECK(table.find(a)->verdict(0) == replica_verdict::none);
  CHECK(table.find(a)->verdict(1) == replica_verdict::pruned);
  CHECK(pause(start) == 2 * limits::lookup_retry_min);
  for (int i = 0; i < 10; ++i) pause(start);
  CHECK(pause(start) == limits::lookup_retry_max);
  table.park(a, start);
  CHECK(table.next_waiting(0) == b);
  table.unpark_all();
  CHECK(table.next_waiting(0) == a);
}

TEST_CASE_FIXTURE(table_fixture, "a miss that nobody reads goes, unless it is in flight") {
  table.join("a", 1, {2, 0}, start + 2s);
  table.leave(a, 1);
  CHECK(table.contains("a", 1)); // fetch 2 still reads it
  table.leave(a, 2);
  CHECK(!table.contains("a", 1));
  auto id = table.send({b}, 0, sent_as::first, start).id;
  table.leave(b, 1);
  CHECK(table.contains("b", 1));
  CHECK(table.take_part(found(id, 0, 1), 0, start)->answered.size() == 1);
  table.resume(b);
  CHECK(table.size() == 0);
}

TEST_CASE_FIXTURE(table_fixture, "a mismatch is remembered over pauses") {
  CHECK(!table.find(a)->mismatched());
  table.note(a, 0, replica_verdict::mismatch);
  table.park(a, start);
  CHECK(table.find(a)->mismatched());
}

TEST_CASE_FIXTURE(table_fixture, "a request says how long its answer is waited for") {
  CHECK(table.send({a}, 0, sent_as::first, start).budget == limits::lookup_attempt);
  CHECK(table.send({b}, 0, sent_as::first, start + 1900ms).budget == 100ms);
  table.join("b", 1, {2, 0}, start + 3s);
  CHECK(table.send({b}, 1, sent_as::hedge, start + 1900ms).budget == limits::lookup_attempt);
}

TEST_CASE_FIXTURE(table_fixture, "of two requests for a miss the first answer counts, the other is measured only") {
  auto first = table.send({a, b}, 0, sent_as::first, start).id;
  auto second = table.send({a, b}, 1, sent_as::hedge, start + 2ms).id;
  CHECK(table.find(a)->copies == 2);
  auto won = table.take_part(found(second, 0, 1), 1, start + 3ms).value();
  CHECK(won.why == sent_as::hedge);
  CHECK(won.answered.size() == 1);
  table.remove(a);
  auto lost = table.take_part(found(first, 0, 2), 0, start + 9ms).value();
  REQUIRE(lost.answered.size() == 1);
  CHECK(lost.answered[0] == std::pair<miss_id, std::size_t>{b, 1});
  CHECK(lost.begins);
  CHECK(lost.answer_bytes == 2);
  CHECK(table.find(b)->copies == 1); // the second one may answer it still
  auto rest = table.take_all_at(1);
  REQUIRE(rest.size() == 1);
  CHECK(rest[0].misses == std::vector<miss_id>{b});
  CHECK(table.find(b)->copies == 0);
  table.remove(b);
  CHECK(!table.busy());
}

TEST_CASE_FIXTURE(table_fixture,
                  "a request that is late is named once; copies and those that were heard of are not") {
  CHECK(!table.oldest_unheard());
  auto heard = table.send({a}, 0, sent_as::first, start).id;
  table.send({b}, 0, sent_as::first, start + 1ms);
  CHECK(table.oldest_unheard() == start);
  table.take_part(found(heard, 0, 0), 0, start + 1ms);
  CHECK(table.oldest_unheard() == start + 1ms);
  CHECK(table.take_late(start).empty());
  table.send({b}, 1, sent_as::hedge, start + 1ms);
  auto late = table.take_late(start + 1ms);
  REQUIRE(late.size() == 1);
  CHECK(late[0].replica == 0);
  CHECK(late[0].misses == std::vector<miss_id>{b});
  CHECK(table.take_late(start + 1s).empty());
  CHECK(!table.oldest_unheard());
}
