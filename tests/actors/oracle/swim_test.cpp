// SPDX-License-Identifier: Apache-2.0
// The overlay's protocol on a hostile network: each case with several seeds.
#include "messages/oracle_limits.hpp"
#include "tests/actors/oracle/overlay.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace argentum;
using namespace std::chrono_literals;

namespace {

/// Runs `body` with that many seeds, the first of which is printed.
template <class Body>
void with_seeds(const char* what, int count, Body body) {
  auto first = test::random_seed(what);
  for (int i = 0; i < count; ++i) {
    test::overlay net{first + static_cast<std::uint64_t>(i)};
    CAPTURE(i);
    body(net);
  }
}

void make_hostile(test::overlay& net) {
  net.loss = 0.05;
  net.doubled = 0.05;
  net.delay_max = 80ms;
}

} // namespace

TEST_CASE("members find each other over a network that loses, doubles and reorders") {
  with_seeds("joining", 10, [](test::overlay& net) {
    make_hostile(net);
    net.start_all(20);
    REQUIRE(net.advance_until(60s, [&] { return net.agreed(); }));
  });
}

TEST_CASE("nobody who lives is declared dead, however long the network loses datagrams") {
  with_seeds("false positives", 5, [](test::overlay& net) {
    make_hostile(net);
    net.start_all(20);
    REQUIRE(net.advance_until(60s, [&] { return net.agreed(); }));
    net.advance(10min);
    CHECK(net.total(&node_metrics::deaths) == 0);
    CHECK(net.advance_until(60s, [&] { return net.agreed(); }));
  });
}

TEST_CASE("who dies is declared dead by all, and who leaves has left at once") {
  with_seeds("death and leave", 10, [](test::overlay& net) {
    make_hostile(net);
    net.start_all(12);
    REQUIRE(net.advance_until(60s, [&] { return net.agreed(); }));
    auto believing = [&](const std::string& whom, member_state state) {
      auto up = net.up();
      return std::count_if(up.begin(), up.end(), [&](const auto& who) { return net.belief(who, whom) == state; });
    };
    net.leave("n3");
    net.advance(3s);
    CHECK(believing("n3", member_state::left) >= 8); // a few may have to hear it by a full state
    net.kill("n4");
    REQUIRE(net.advance_until(90s, [&] { return believing("n4", member_state::dead) == 10; }));
    REQUIRE(net.advance_until(90s, [&] { return believing("n3", member_state::left) == 10; }));
  });
}

TEST_CASE("a restarted member is known as its new process, also at another address") {
  with_seeds("restart", 10, [](test::overlay& net) {
    make_hostile(net);
    net.start_all(10);
    REQUIRE(net.advance_until(60s, [&] { return net.agreed(); }));
    net.kill("n5");
    net.advance(500ms);
    net.start("n5"); // before anybody has missed it
    net.kill("n6");
    net.advance(60s);
    net.start("n6", "elsewhere:1");
    REQUIRE(net.advance_until(60s, [&] { return net.agreed(); }));
    CHECK(net.at("n0").rules->members().find("n6")->who->address == "elsewhere:1");
  });
}

TEST_CASE("one that freezes for 2 s again and again declares no healthy member dead, nor is it") {
  with_seeds("frozen", 10, [](test::overlay& net) {
    make_hostile(net);
    net.loss = 0.01;
    net.start_all(9);
    REQUIRE(net.advance_until(60s, [&] { return net.agreed(); }));
    for (int round = 0; round < 60; ++round) {
      net.freeze("n5");
      net.advance(2s);
      net.thaw("n5");
      net.advance(700ms);
    }
    CHECK(net.at("n5").metrics->deaths.value() == 0);
    CHECK(net.total(&node_metrics::deaths) == 0);
    CHECK(net.advance_until(60s, [&] { return net.agreed(); }));
  });
}

TEST_CASE("halves of a split lose each other, and find together when it heals") {
  with_seeds("split", 8, [](test::overlay& net) {
    make_hostile(net);
    net.start_all(16);
    REQUIRE(net.advance_until(60s, [&] { return net.agreed(); }));
    auto odd = [](const std::string& name) { return (name.back() - '0') % 2 == 1; };
    net.reaches = [odd](const std::string& from, const std::string& to) { return odd(from) == odd(to); };
    auto lost = [&] {
      for (const auto& a : net.up()) {
        for (const auto& b : net.up()) {
          bool apart = odd(a) != odd(b);
          if (a != b && apart != (net.belief(a, b) == member_state::dead)) return false;
        }
      }
      return true;
    };
    REQUIRE(net.advance_until(180s, lost));
    net.reaches = nullptr;
    REQUIRE(net.advance_until(60s, [&] { return net.agreed(); }));
  });
}

TEST_CASE("one that no datagram of some reaches is kept alive by those whom it reaches") {
  with_seeds("one bad path", 5, [](test::overlay& net) {
    net.start_all(8);
    REQUIRE(net.advance_until(60s, [&] { return net.agreed(); }));
    net.reaches = [](const std::string& from, const std::string& to) {
      return !(from == "n2" && to == "n3") && !(from == "n3" && to == "n2");
    };
    net.advance(5min);
    CHECK(net.total(&node_metrics::deaths) == 0);
    CHECK(net.total(&node_metrics::suspicions) == 0);
  });
}

TEST_CASE("of two nodes with one name the newer is seen by all, and the conflict is counted") {
  with_seeds("conflict", 5, [](test::overlay& net) {
    net.start_all(5);
    REQUIRE(net.advance_until(60s, [&] { return net.agreed(); }));
    member other;
    other.node = "n2";
    other.address = "other:1";
    other.datacenter = "dc";
    other.process = 1'000'000'000;
    auto& old = net.at("n2");
    old.rules->received(net.now(), "n0:1", {"n0", 1, gossip_round{}, {{other, {}}}});
    CHECK(old.metrics->name_conflicts.value() == 1);
    CHECK(old.rules->members().own().process < other.process);
  });
}

TEST_CASE("hundreds that start at once know each other within seconds, and so after a split") {
  with_seeds("hundreds", 1, [](test::overlay& net) {
    net.loss = 0.01;
    net.start_all(200);
    CHECK(net.advance_until(15s, [&] { return net.agreed(); }));
    auto odd = [](const std::string& name) { return (name.back() - '0') % 2 == 1; };
    net.reaches = [odd](const std::string& from, const std::string& to) { return odd(from) == odd(to); };
    net.advance(90s);
    net.reaches = nullptr;
    CHECK(net.advance_until(25s, [&] { return net.agreed(); }));
  });
}

TEST_CASE("news that have been lost are found missing by the answers to probes") {
  with_seeds("lost news", 5, [](test::overlay& net) {
    net.start_all(40);
    REQUIRE(net.advance_until(60s, [&] { return net.agreed(); }));
    net.advance(10s);
    net.reaches = [](const std::string&, const std::string& to) {
      return to != "n7";
    }; // hears nothing for a moment
    net.leave("n9");
    net.advance(3s);
    net.reaches = nullptr;
    CHECK(net.belief("n7", "n9") != member_state::left);
    CHECK(net.advance_until(30s, [&] { return net.belief("n7", "n9") == member_state::left && net.agreed(); }));
  });
}

TEST_CASE("bytes that a member sends stay within the budget while many join, and are few at rest") {
  with_seeds("bytes", 1, [](test::overlay& net) {
    net.start_all(120);
    auto most = [&] {
      std::uint64_t bytes = 0;
      for (const auto& name : net.up()) bytes = std::max(bytes, std::exchange(net.at(name).bytes_sent, 0));
      return bytes;
    };
    for (int second = 0; second < 60; ++second) {
      net.advance(1s);
      CHECK(most() <= 2 * limits::gossip_bytes_per_second);
    }
    REQUIRE(net.advance_until(60s, [&] { return net.agreed(); }));
    net.advance(5min);
    most();
    net.advance(60s);
    auto rate = most() / 60;
    CHECK(rate < 4096);
    MESSAGE("120 members at rest, the busiest one: ", rate, " bytes/s");
  });
}

TEST_CASE("round trips are measured, and estimated where they are not") {
  with_seeds("round trips", 3, [](test::overlay& net) {
    auto place = [](const std::string& name) { return std::stoi(name.substr(1)) % 4; };
    net.delay_max = 2ms;
    net.path = [place](const std::string& from, const std::string& to) -> test::overlay::duration {
      return std::abs(place(from) - place(to)) * 15ms; // four places on a line
    };
    net.start_all(24);
    REQUIRE(net.advance_until(60s, [&] { return net.agreed(); }));
    net.advance(3min);
    double error = 0;
    int pairs = 0;
    for (const auto& a : net.up()) {
      const auto& rules = *net.at(a).rules;
      rules.members().each([&](const actors::member_table::row& r) {
        double real = 2.0 * std::abs(place(a) - place(r.who->node)) * 15 + 3;
        auto guess = actors::estimate(rules.where(), r.who->where);
        error += std::abs(static_cast<double>(guess.count()) / 1000 - real) / real;
        ++pairs;
      });
    }
    CHECK(error / pairs < 0.25);
  });
}

namespace {

/// One member alone, whose neighbours the test plays.
struct lone_member {
  std::shared_ptr<node_metrics> metrics = std::make_shared<node_metrics>();
  test::overlay::time_point now{1h};
  actors::swim rules{{named("us"), {}, 1, metrics}, now};

  static member named(const std::string& node, std::uint64_t incarnation = 0) {
    member out;
    out.node = node;
    out.address = node + ":1";
    out.process = 1;
    out.incarnation = incarnation;
    return out;
  }
  void hear(const std::string& from, member_news news) {
    rules.received(now, from + ":1", {from, 1, gossip_round{}, {std::move(news)}});
  }
};

} // namespace

TEST_CASE_FIXTURE(lone_member, "who has slept through a suspicion first hears what came meanwhile") {
  hear("a", {named("a"), {}});
  hear("b", {named("b"), {}});
  auto suspect = named("b");
  suspect.state = member_state::suspect;
  hear("a", {suspect, "a"});
  now += 1min;
  rules.tick(now);
  CHECK(metrics->deaths.value() == 0);
  CHECK(rules.health() > 0);
  hear("b", {named("b", 1), {}});
  CHECK(rules.members().find("b")->who->state == member_state::alive);
}

TEST_CASE_FIXTURE(lone_member, "answers to a storm of probes carry news within the budget only") {
  for (int i = 0; i < 600; ++i) {
    auto name = "n" + std::to_string(i);
    hear(name, {named(name), {}});
  }
  rules.take_datagrams();
  std::size_t bytes = 0;
  for (int i = 0; i < 500; ++i) {
    auto name = "n" + std::to_string(i);
    rules.received(now, name + ":1", {name, 1, probe{7, "us"}, {}});
    for (const auto& each : rules.take_datagrams()) bytes += bytes_at_most(each.message);
  }
  CHECK(bytes < limits::gossip_bytes_per_second + 500 * 120);
  CHECK(metrics->gossip_budget_hit.value() > 0);
}

TEST_CASE_FIXTURE(lone_member, "two that cannot agree object once in a gossip interval, whatever they say") {
  auto accusation = named("us");
  accusation.state = member_state::suspect;
  auto objections = [&](const std::string& to) {
    auto all = rules.take_datagrams();
    return std::count_if(all.begin(), all.end(), [&](const auto& each) {
      return each.address == to && !each.message.news.empty() && each.message.news.front().who.node == "us";
    });
  };
  for (int i = 0; i < 100; ++i) hear("a", {accusation, "a"});
  CHECK(objections("a:1") == 1);
  CHECK(metrics->objections_dropped.value() == 99);
  now += limits::gossip_interval;
  hear("a", {accusation, "a"});
  CHECK(objections("a:1") == 1);
  for (std::size_t i = 0; i < 2 * limits::objections_max; ++i) hear("n" + std::to_string(i), {accusation, "a"});
  CHECK(rules.take_datagrams().size() < limits::objections_max);
}
