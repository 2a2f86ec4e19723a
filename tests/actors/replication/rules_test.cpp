// SPDX-License-Identifier: Apache-2.0
#include "actors/replication/ack_waiters.hpp"
#include "actors/replication/cursor.hpp"
#include "actors/replication/log_tail.hpp"
#include "actors/replication/news_watch.hpp"
#include "actors/replication/order_check.hpp"
#include "actors/replication/receipts.hpp"
#include "actors/replication/root_news.hpp"
#include "actors/replication/snapshot_line.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

record_run run(index_t first, index_t last, std::size_t bytes = 10) {
  auto records = std::make_shared<std::vector<log_record>>();
  for (auto i = first; i <= last; ++i) records->push_back({i, i, std::string(bytes, 'x')});
  return records;
}

std::pair<index_t, index_t> ends(const record_run& run) {
  return run ? std::pair{run->front().index, run->back().index} : std::pair<index_t, index_t>{0, 0};
}

using span = std::pair<index_t, index_t>;

} // namespace

TEST_CASE("a run is cut into pieces within the bounds, each of at least one entry") {
  auto whole = run(1, 3);
  CHECK(cut_run(whole, {100, 10}) == std::vector{whole});
  CHECK(cut_run(run(1, 10), {100, 3}).size() == 4);
  auto by_bytes = cut_run(run(1, 5), {25, 10});
  REQUIRE(by_bytes.size() == 3);
  CHECK(ends(by_bytes[0]) == span{1, 2});
  CHECK(ends(by_bytes[2]) == span{5, 5});
  CHECK(cut_run(run(1, 2, 100), {50, 10}).size() == 2);
}

TEST_CASE("the tail gives out what it holds and nothing else") {
  log_tail tail{1000, {100, 10}};
  CHECK_FALSE(tail.slice(0));
  auto first = run(5, 6);
  tail.push(first);
  CHECK_FALSE(tail.slice(3)); // 4 is missing
  CHECK(tail.slice(4) == first);
  CHECK(ends(tail.slice(5)) == span{6, 6});
  CHECK_FALSE(tail.slice(6));
  tail.push(run(7, 8));
  CHECK(ends(tail.slice(4)) == span{5, 8});
}

TEST_CASE("the tail is bounded, and a gap restarts it") {
  log_tail tail{100, {50, 10}};
  for (index_t i = 1; i <= 100; ++i) {
    tail.push(run(i, i));
    CHECK(tail.bytes() <= 100);
  }
  CHECK_FALSE(tail.slice(50));
  CHECK(ends(tail.slice(95)) == span{96, 100});
  tail.push(run(200, 200));
  CHECK_FALSE(tail.slice(95));
  CHECK(ends(tail.slice(199)) == span{200, 200});
  tail.push(run(201, 201, 1000)); // larger than the tail: read from the log
  CHECK(tail.bytes() <= 100);
  CHECK_FALSE(tail.slice(200));
}

TEST_CASE("slices put together are the log, whatever the runs and the bounds") {
  std::mt19937_64 random{test::random_seed("log tail")};
  for (int round = 0; round < 200; ++round) {
    log_tail tail{100'000, {1 + random() % 300, 1 + random() % 20}};
    index_t head = random() % 100;
    auto start = head;
    for (int n = 0; n < 30; ++n) {
      auto count = 1 + random() % 30;
      tail.push(run(head + 1, head + count, random() % 50));
      head += count;
    }
    auto at = start + random() % 10;
    while (at < head) {
      auto slice = tail.slice(at);
      REQUIRE(slice);
      for (const auto& record : *slice) REQUIRE(record.index == ++at);
    }
  }
}

TEST_CASE("a cursor sends while there is credit, and one batch may go below zero") {
  cursor c;
  CHECK_FALSE(c.wants(10));
  c.follow(3, 100);
  CHECK(c.wants(10));
  CHECK_FALSE(c.wants(3));
  c.sent(4, 150);
  CHECK_FALSE(c.wants(10));
  CHECK(c.starved(10));
  c.grant(50);
  CHECK_FALSE(c.wants(10));
  c.grant(1);
  CHECK(c.wants(10));
  c.stop();
  CHECK_FALSE(c.wants(10));
}

TEST_CASE("credit is bounded whatever a peer grants") {
  credit c;
  c.set(~0ull);
  c.grant(~0ull);
  c.spend(limits::credit_bytes);
  CHECK_FALSE(c.any());
}

TEST_CASE("news of the root: counted at the root, handed on with the own name below") {
  root_news root{"r"};
  CHECK_FALSE(root.current());
  root.make(5, {}, {});
  root.make(6, {}, {});
  CHECK(root.current()->news == 2);
  root.make(6, {}, stamp_t{1h});
  CHECK(root.current()->news == 3'600'000'000); // after a restart it goes on above what it told before
  root.make(6, {}, stamp_t{1min});
  CHECK(root.current()->news == 3'600'000'001);
  root_news mid{"m"};
  CHECK(mid.hand_on(*root.current()));
  CHECK(mid.current()->path == std::vector<std::string>{"r", "m"});
  CHECK(mid.current()->root_head == 6);
  CHECK_FALSE(mid.hand_on(*root.current())); // nothing new
  auto other = *root.current();
  other.path = {"r", "x"};
  CHECK(mid.hand_on(other));
}

TEST_CASE("the line before the one copy: places are told when they change") {
  snapshot_line line;
  link_id a{1}, b{2}, c{3};
  line.join(a);
  line.join(b);
  line.join(a); // keeps its place
  CHECK(line.first() == a);
  CHECK(line.moved() == std::vector<snapshot_line::place>{{a, 1}, {b, 2}});
  line.join(c);
  CHECK(line.moved() == std::vector<snapshot_line::place>{{c, 3}});
  line.leave(a);
  CHECK(line.moved() == std::vector<snapshot_line::place>{{b, 1}, {c, 2}});
  CHECK(line.moved().empty());
  line.leave(b);
  line.leave(c);
  CHECK_FALSE(line.first());
}

TEST_CASE("order: consecutive and chained, or refused") {
  order_check check;
  auto next = [chain = chain_t{7}](index_t index) mutable {
    std::string bytes = "e" + std::to_string(index);
    chain = extend_chain(chain, bytes);
    return log_record{index, chain, bytes};
  };
  check.start({1, 3, 7});
  auto four = next(4), five = next(5), six = next(6);
  CHECK_FALSE(check.accept({four, five}));
  CHECK(check.accept({five}) == errc::out_of_order); // repeat
  auto bad = six;
  bad.bytes += "x";
  CHECK(check.accept({bad}) == errc::diverged);
  CHECK_FALSE(check.accept({six}));
  CHECK(check.accept({next(8)}) == errc::out_of_order); // gap
}

TEST_CASE("an upstream is stale when its news stay the same for too long") {
  news_watch watch;
  time_point start{1h};
  watch.start(start);
  CHECK_FALSE(watch.stale(start + 29s, 30s));
  watch.heard(1, start + 20s);
  watch.heard(1, start + 40s); // the same: does not count
  CHECK_FALSE(watch.stale(start + 49s, 30s));
  CHECK(watch.stale(start + 50s, 30s));
  watch.heard(2, start + 50s);
  CHECK_FALSE(watch.stale(start + 79s, 30s));
  CHECK(is_cycle({"root", "me"}, "me"));
  CHECK_FALSE(is_cycle({"root"}, "me"));
}

TEST_CASE("WAIT is over when enough downstreams have the entry on disk, or its time is up") {
  ack_waiters waiters{3};
  std::string log;
  auto client = std::make_shared<int>(0);
  auto wish = [&](index_t index, std::size_t count, std::chrono::milliseconds timeout) {
    return wait_acks{index, count, timeout,
                     reply_to<std::size_t>{[&log, index](const caf::expected<std::size_t>& have) {
                                             log +=
                                                 std::to_string(index) + "="
                                                 + (have ? std::to_string(*have) : to_string(code_of(have.error())))
                                                 + " ";
                                           },
                                           client}};
  };
  time_point start{std::chrono::hours{1}};
  using std::chrono::milliseconds;
  CHECK(waiters.add(wish(5, 2, milliseconds{0}), start));
  CHECK(waiters.add(wish(6, 3, milliseconds{10}), start));
  CHECK(waiters.next_deadline() == start + milliseconds{10});
  waiters.update({4, 5}, start);
  CHECK(log.empty());
  waiters.update({5, 6}, start);
  CHECK(log == "5=2 ");
  waiters.update({5, 6}, start + milliseconds{10});
  CHECK(log == "5=2 6=1 ");
  CHECK(waiters.empty());
  for (int i = 0; i < 3; ++i) CHECK(waiters.add(wish(9, 1, milliseconds{0}), start));
  CHECK_FALSE(waiters.add(wish(8, 1, milliseconds{0}), start));
  CHECK(log == "5=2 6=1 8=overloaded ");
  client.reset();
  waiters.update({}, start);
  CHECK(waiters.empty());
}

TEST_CASE("credit goes back in large pieces, and nothing of it is lost") {
  owed_credit owed;
  std::uint64_t granted = 0;
  for (int n = 0; n < 1000; ++n) {
    auto grant = owed.take(3000);
    CHECK((grant == 0 || grant >= limits::credit_grant_bytes));
    granted += grant;
  }
  CHECK(granted > 3'000'000 - limits::credit_grant_bytes);
  CHECK(owed.take(limits::credit_grant_bytes) + granted == 3'000'000 + limits::credit_grant_bytes);
  owed.take(1);
  owed.clear();
  CHECK(owed.take(limits::credit_grant_bytes) == limits::credit_grant_bytes);
}

TEST_CASE("the first news is acknowledged at once, what follows closely waits") {
  ack_pace acks;
  time_point t{1h};
  CHECK_FALSE(acks.overdue(t));
  CHECK(acks.news(t));
  acks.acked(t);
  CHECK_FALSE(acks.overdue(t + 1h)); // there is nothing to say
  CHECK_FALSE(acks.news(t + limits::ack_interval / 2));
  CHECK_FALSE(acks.overdue(t + limits::ack_interval / 2));
  CHECK(acks.overdue(t + limits::ack_interval));
  CHECK(acks.news(t + limits::ack_interval));
}
