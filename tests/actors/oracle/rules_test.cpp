// SPDX-License-Identifier: Apache-2.0
// The rules of the oracle, each by itself.
#include "actors/log_pace.hpp"
#include "actors/oracle/broadcast_queue.hpp"
#include "actors/oracle/byte_budget.hpp"
#include "actors/oracle/local_health.hpp"
#include "actors/oracle/probe_ring.hpp"
#include "actors/oracle/relayed_probes.hpp"
#include "actors/oracle/rtt_table.hpp"
#include "actors/oracle/status_board.hpp"
#include "actors/oracle/suspicion.hpp"
#include "actors/oracle/view_watch.hpp"
#include "actors/oracle/vivaldi.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

using time_point = std::chrono::steady_clock::time_point;
constexpr time_point start{1h};

member_news news_of(const std::string& node, std::uint64_t incarnation = 0) {
  member who;
  who.node = node;
  who.address = node + ":1";
  who.incarnation = incarnation;
  return {who, {}};
}

} // namespace

TEST_CASE("a suspicion ends the sooner, the more accusers confirm it, but not before the least time") {
  suspicion alone{start, "a", 100};
  auto longest = alone.deadline();
  CHECK(longest == start + 48s); // 4 * log10(100) intervals, times 6
  CHECK_FALSE(alone.confirm("a"));
  CHECK(alone.deadline() == longest);
  CHECK(alone.confirm("b"));
  CHECK(alone.deadline() == start + 28s); // log 2 / log 4 of the way
  CHECK(alone.confirm("c"));
  CHECK(alone.confirm("d"));
  CHECK(alone.deadline() == start + 8s);
  CHECK_FALSE(alone.confirm("e"));
}

TEST_CASE("where there are not enough to confirm a suspicion, it takes the least time") {
  CHECK(suspicion{start, "a", 3}.deadline() == start + 4s);
}

TEST_CASE("a suspicion does not run while we sleep, and then leaves time to hear what came meanwhile") {
  suspicion s{start, "a", 3};
  s.postpone(start + 6s, 5s, 1s);
  CHECK(s.deadline() == start + 9s);
  s.postpone(start + 20s, 10s, 1s);
  CHECK(s.deadline() == start + 21s);
}

TEST_CASE("local health stays within its bounds and slows us down") {
  local_health health;
  health.better();
  CHECK(health.scaled(500ms) == 500ms);
  health.worse(3);
  CHECK(health.scaled(500ms) == 2s);
  health.worse(100);
  CHECK(health.score() == limits::health_max);
}

TEST_CASE("each piece of news is sent as often as it takes, and those sent least go first") {
  broadcast_queue queue;
  queue.add(news_of("a"));
  std::vector<member_news> out;
  queue.take(10'000, 99, out);
  queue.add(news_of("b"));
  out.clear();
  queue.take(bytes_at_most(news_of("b")), 99, out);
  REQUIRE(out.size() == 1);
  CHECK(out.front().who.node == "b");
  out.clear();
  while (!queue.empty()) queue.take(10'000, 99, out);
  CHECK(transmissions(99) == 10);
  CHECK(out.size() == 9 + 9);
}

TEST_CASE("newer news of a member replace the older") {
  broadcast_queue queue;
  queue.add(news_of("a", 1));
  queue.add(news_of("a", 2));
  std::vector<member_news> out;
  queue.take(10'000, 9, out);
  REQUIRE(out.size() == 1);
  CHECK(out.front().who.incarnation == 2);
}

TEST_CASE("news that do not fit stay, smaller ones go") {
  broadcast_queue queue;
  queue.add(news_of("a"));
  queue.add(news_of(std::string(60, 'b')));
  std::vector<member_news> out;
  queue.take(bytes_at_most(news_of("a")), 9, out);
  REQUIRE(out.size() == 1);
  CHECK(out.front().who.node == "a");
  CHECK(queue.size() == 2);
}

TEST_CASE("all are probed once a round, in another order each") {
  probe_ring ring{test::random_seed("probe ring")};
  std::vector<std::string> all;
  for (int i = 0; i < 20; ++i) all.push_back("n" + std::to_string(i));
  auto lives = [](const std::string& node) { return node != "n7"; };
  std::vector<std::vector<std::string>> rounds(2);
  for (auto& round : rounds) {
    for (int i = 0; i < 19; ++i) round.push_back(*ring.next(lives, [&] { return all; }));
    CHECK(std::set<std::string>(round.begin(), round.end()).size() == 19);
  }
  CHECK(rounds[0] != rounds[1]);
  CHECK_FALSE(ring.next([](const std::string&) { return false; }, [&] { return all; }));
}

TEST_CASE("a new member is probed within the round") {
  probe_ring ring{test::random_seed("probe ring")};
  auto lives = [](const std::string&) { return true; };
  auto all = [] { return std::vector<std::string>{"a", "b", "c", "d"}; };
  ring.next(lives, all);
  ring.add("new");
  std::set<std::string> probed;
  for (int i = 0; i < 4; ++i) probed.insert(*ring.next(lives, all));
  CHECK(probed.contains("new"));
}

TEST_CASE("who must be hurried is probed next") {
  probe_ring ring{1};
  for (const auto* node : {"a", "b", "c", "d"}) ring.add(node);
  ring.hurry("c");
  auto lives = [](const std::string&) { return true; };
  auto all = [] { return std::vector<std::string>{}; };
  CHECK(*ring.next(lives, all) == "c");
}

TEST_CASE("many who know other members show that we have missed news; one of many does not") {
  view_watch watch;
  int exchanges = 0;
  for (unsigned n = 0; n < limits::view_differences_min; ++n) {
    CHECK(exchanges == 0);
    exchanges += watch.differs(1, 2) ? 1 : 0;
  }
  CHECK(exchanges == 1);
  for (unsigned n = 0; n < 1000; ++n) exchanges += watch.differs(1, 2) ? 1 : 0; // it does not help
  CHECK(exchanges > 10);
  CHECK(exchanges < 25);
  CHECK_FALSE(watch.differs(1, 1));
  for (unsigned n = 0; n < 1000; ++n) CHECK_FALSE(watch.differs(1, 1 + n % 2));
}

TEST_CASE("who asked for a probe hears once that there is no answer yet") {
  relayed_probes relays;
  REQUIRE(relays.add(7, {"asker:1", 70, start}));
  CHECK(relays.missed(start + 100ms).empty());
  CHECK(*relays.due() == start + limits::probe_missed_after);
  CHECK(relays.missed(start + limits::probe_missed_after).size() == 1);
  CHECK(relays.missed(start + 1s).empty());
  CHECK(relays.answered(7)->its_token == 70);
  CHECK_FALSE(relays.answered(7));
  for (std::uint64_t token = 0; token < limits::relayed_probes_max; ++token)
    CHECK(relays.add(token, {"a", 1, start}));
  CHECK_FALSE(relays.add(9999, {"a", 1, start}));
  CHECK(relays.missed(start + 10s).size() == limits::relayed_probes_max);
  CHECK_FALSE(relays.answered(0));
}

TEST_CASE("bytes may be sent at an even rate, and what must be sent makes others wait") {
  byte_budget budget;
  CHECK(budget.allows(start, limits::gossip_bytes_per_second));
  budget.spend(limits::gossip_bytes_per_second);
  CHECK_FALSE(budget.allows(start, 1));
  CHECK(budget.allows(start + 500ms, limits::gossip_bytes_per_second / 2));
  budget.spend(10 * limits::gossip_bytes_per_second);
  CHECK_FALSE(budget.allows(start + 1s, 1));
  CHECK(budget.allows(start + 3s, 1'000));
}

TEST_CASE("a round trip is smoothed, and an outlier left out") {
  rtt_table rtts;
  for (int i = 0; i < 10; ++i) rtts.measured("a", 20ms, start);
  CHECK(rtts.measured("a", 3s, start) == 20ms);
  CHECK(rtts.find("a")->smoothed == 20ms);
  CHECK(rtts.timeout("a") < 40ms);
  rtts.measured("b", 30ms, start);
  CHECK(rtts.timeout("b") == 90ms);
  CHECK(rtts.timeout("c") == 0ms);
  for (int i = 0; i < 40; ++i) rtts.measured("a", 50ms, start);
  CHECK(rtts.find("a")->smoothed > 48ms);
}

TEST_CASE("coordinates come to tell round trips that were never measured") {
  std::mt19937_64 random{test::random_seed("vivaldi")};
  std::vector<vivaldi> nodes;
  for (int i = 0; i < 30; ++i) nodes.emplace_back(random());
  // A grid of places, each with a way of its own to the core.
  auto rtt = [](std::size_t a, std::size_t b) {
    auto x = static_cast<double>(a % 6) - static_cast<double>(b % 6);
    auto y = static_cast<double>(a / 6) - static_cast<double>(b / 6);
    return 20 * std::hypot(x, y) + 1.0 * static_cast<double>(a % 3 + b % 3) + 1;
  };
  auto draw = [&] { return std::uniform_int_distribution<std::size_t>{0, nodes.size() - 1}(random); };
  for (int i = 0; i < 30 * 200; ++i) {
    auto a = draw(), b = draw();
    bool hidden = (a + b) % 5 == 0; // never measured
    if (a == b || hidden) continue;
    nodes[a].measured(std::chrono::microseconds{std::llround(rtt(a, b) * 1000)}, nodes[b].own());
  }
  double wrong = 0, pairs = 0;
  for (std::size_t a = 0; a < nodes.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      if ((a + b) % 5 != 0) continue;
      auto guess = static_cast<double>(estimate(nodes[a].own(), nodes[b].own()).count()) / 1000;
      wrong += std::abs(guess - rtt(a, b)) / rtt(a, b);
      ++pairs;
    }
  }
  CHECK(wrong / pairs < 0.15);
  CHECK(nodes[0].own().error < 0.3);
}

TEST_CASE("no measurement drives a coordinate out of this world") {
  std::mt19937_64 random{test::random_seed("wild measurements")};
  vivaldi node{1};
  for (int i = 0; i < 10'000; ++i) {
    coordinate other;
    for (auto& x : other.at) x = std::uniform_real_distribution<double>{-1e6, 1e6}(random);
    other.height = std::uniform_real_distribution<double>{0, 1e6}(random);
    other.error = std::uniform_real_distribution<double>{0, 1e6}(random);
    node.measured(std::chrono::microseconds{static_cast<std::int64_t>(random() % 1'000'000'000)}, other);
    for (auto x : node.own().at) REQUIRE(std::isfinite(x));
    REQUIRE(std::isfinite(node.own().height));
    REQUIRE(node.own().error <= 1.5);
  }
}

TEST_CASE("what a member has said later stands, whatever way it came") {
  status_board board;
  instance_status early{"dns", 5, 1, 0us, 0us, 1, 0, 0, 10, "a"};
  auto late = early;
  late.applied = 9;
  board.heard("n", late, start + 10s);
  board.heard("n", std::vector{early}, start);
  CHECK(board.of("n", start + 12s).front().applied == 9);
  CHECK(board.of("n", start + 12s).front().age == 2s);
  board.heard("n", instance_status{"cdn", 1, 1, 0us, 0us, 1, 0, 0, 10, "a"}, start + 20s);
  CHECK(board.of("n", start + 20s).size() == 2);
  CHECK(board.of("n", start + 20s).front().age == 10s);
  CHECK(board.age("n", start + 21s) == 1s);
}

TEST_CASE("what goes on and on is worth one line of the log each period") {
  log_pace pace{60s};
  CHECK(pace.due(start));
  CHECK_FALSE(pace.due(start + 59s));
  CHECK(pace.due(start + 60s));
  CHECK_FALSE(pace.due(start + 119s));
}
