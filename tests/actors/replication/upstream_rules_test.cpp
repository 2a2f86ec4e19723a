// SPDX-License-Identifier: Apache-2.0
// Rules of the choice of an upstream.
#include "actors/replication/lag_watch.hpp"
#include "actors/replication/upstream_choice.hpp"
#include "actors/replication/upstream_search.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

upstream_candidate candidate(const std::string& name, std::chrono::microseconds cost) {
  upstream_candidate out;
  out.who = {name, name};
  out.cost = cost;
  out.rtt = 2 * cost;
  return out;
}

/// Whether an upstream is found too slow within the time, when that many entries are written and sent a second.
bool found_slow(lag_watch& watch, index_t written, index_t sent, std::chrono::seconds time, bool held_up = false,
                index_t behind = 0) {
  auto slow = false;
  for (auto s = 0s; s < time; s += 1s) {
    auto n = static_cast<index_t>(s.count());
    slow = slow || watch.too_slow(behind + n * written, n * sent, held_up, time_point{1h} + s);
  }
  return slow;
}

} // namespace

TEST_CASE("upstreams of a fixed list: the next at once, a pause after each round, longer each time") {
  upstream_choice list{{"a", "b"}, 1};
  CHECK(list.current() == "a");
  CHECK(list.next() == 0ms);
  CHECK(list.current() == "b");
  auto first = list.next();
  CHECK(list.current() == "a");
  CHECK(first >= limits::redial_delay_min / 2);
  CHECK(first <= limits::redial_delay_min);
  upstream_choice::delay last{0};
  for (int i = 0; i < 100; ++i) last = std::max(last, list.next());
  CHECK(last > limits::redial_delay_max / 2);
  CHECK(last <= limits::redial_delay_max);
  list.succeeded();
  CHECK(list.again() <= limits::redial_delay_min);
  CHECK(list.current() == "a");
  CHECK_FALSE(list.must_search());
}

TEST_CASE("upstreams that are found: one after the other, then a pause and another search") {
  auto choice = upstream_choice::by_search(1);
  CHECK(choice.must_search());
  CHECK_FALSE(choice.empty());
  choice.found({candidate("a", 1ms), candidate("b", 2ms), candidate("c", 3ms)});
  CHECK(choice.current() == "a");
  CHECK(choice.rtt() == 2ms);
  CHECK(choice.next() == 0ms);
  CHECK(choice.current() == "b");
  choice.settled();
  CHECK(choice.current() == "b");
  choice.measured(9ms);
  CHECK(choice.rtt() == 9ms);
  CHECK(choice.again() > 0ms); // for a while: the same
  CHECK(choice.current() == "b");
  CHECK(choice.next() > 0ms); // what was found with it is old
  CHECK(choice.must_search());
  choice.found({candidate("a", 1ms)});
  CHECK(choice.lost() > 0ms);
  CHECK(choice.must_search());
}

TEST_CASE("of a fixed list one whose news are a moment behind ours is tried again; of those found it is not") {
  constexpr std::uint64_t ours = 100'000'000;
  upstream_choice list{{"a", "b"}, 1};
  CHECK(list.no_newer(ours - 1'000'000, ours) > 0ms);
  CHECK(list.current() == "a");
  CHECK(list.no_newer(ours - 10'000'000, ours) == 0ms);
  CHECK(list.current() == "b");
  list.no_newer(0, ours); // it hears nothing
  CHECK(list.current() == "a");
  auto choice = upstream_choice::by_search(1);
  choice.found({candidate("a", 1ms), candidate("b", 2ms)});
  CHECK(choice.no_newer(ours - 1'000'000, ours) == 0ms);
  CHECK(choice.current() == "b");
}

TEST_CASE("who refused is left out for a while, and whom it named is told once") {
  upstream_search search{1};
  time_point t{1h};
  search.refused("a", t);
  search.named({{"x", "x:1"}});
  CHECK(search.refusing(t + limits::refusal_memory / 2) == std::vector<std::string>{"a"});
  CHECK(search.refusing(t + limits::refusal_memory).empty());
  CHECK(search.also() == std::vector<contact>{{"x", "x:1"}});
  CHECK(search.also().empty());
  for (std::size_t n = 0; n < 2 * limits::refusals_max; ++n) search.refused(std::to_string(n), t);
  CHECK(search.refusing(t).size() == limits::refusals_max);
}

TEST_CASE("reviews come at their mean time, and never two nodes' at the same") {
  upstream_search one{1}, other{2};
  time_point t{1h};
  one.following(t);
  other.following(t);
  int of_one = 0, both = 0;
  for (auto s = 0ms; s < 1h; s += 100ms) {
    auto a = one.review_due(t + s, false), b = other.review_due(t + s, false);
    of_one += a ? 1 : 0;
    both += a && b ? 1 : 0;
  }
  CHECK(of_one > 150);
  CHECK(of_one < 210);
  CHECK(both < 10);
}

TEST_CASE("in doubt others are looked for at once, and then now and then") {
  upstream_search search{1};
  time_point t{1h};
  search.following(t);
  int asked = 0;
  for (auto s = 0s; s < 60s; s += 1s) asked += search.review_due(t + s, true) ? 1 : 0;
  CHECK(asked == 60s / limits::upstream_doubt_after);
}

TEST_CASE("a move must save a hop and a part of the cost, and be the first in a while") {
  upstream_search search{1};
  time_point t{1h};
  CHECK_FALSE(search.moves(candidate("a", 5ms), candidate("b", 4100us), t));  // less than a hop
  CHECK_FALSE(search.moves(candidate("a", 120ms), candidate("b", 111ms), t)); // less than a twelfth
  CHECK_FALSE(search.moves(candidate("a", 5ms), candidate("b", 50ms), t));
  CHECK(search.moves(candidate("a", 120ms), candidate("b", 100ms), t));
  CHECK_FALSE(search.moves(candidate("b", 100ms), candidate("c", 10ms), t + limits::upstream_move_pause / 2));
  CHECK(search.moves(candidate("b", 100ms), candidate("c", 10ms), t + limits::upstream_move_pause));
}

TEST_CASE("an upstream is too slow when the lag grows though our store keeps up") {
  lag_watch watch;
  CHECK(found_slow(watch, 1000, 500, 40s));
  watch.start();
  CHECK_FALSE(found_slow(watch, 1000, 500, 29s)); // not yet
  watch.start();
  CHECK_FALSE(found_slow(watch, 1000, 1000, 10min));
  watch.start();
  CHECK_FALSE(found_slow(watch, 1000, 980, 10min)); // the way of entries is a little longer
  watch.start();
  CHECK_FALSE(found_slow(watch, 1000, 500, 10min, true)); // we are what is slow
  watch.start();
  CHECK_FALSE(found_slow(watch, 100, 200, 1h, false, 1'000'000)); // it catches up
}

TEST_CASE("what comes after a cut of the news is a burst, not a slow upstream") {
  lag_watch watch;
  time_point t{1h};
  CHECK_FALSE(watch.too_slow(100, 100, false, t));
  CHECK_FALSE(watch.too_slow(100'000, 100, false, t + 40s));
  CHECK_FALSE(watch.too_slow(101'000, 80'000, false, t + 41s));
}

TEST_CASE("a burst that takes its time is no slow upstream") {
  lag_watch watch;
  time_point t{1h};
  for (index_t n = 0; n < 600; ++n) {
    index_t burst = n % 60 < 20 ? (20 - n % 60) * 1000 : 0; // each minute: written at once, here after 20 s
    CHECK_FALSE(watch.too_slow(1'000'000 + n * 100 + burst, 1'000'000 + n * 100, false, t + n * 1s));
  }
}
