// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/member_table.hpp"
#include "messages/oracle_limits.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

using change = member_table::change;
constexpr member_table::time_point start{1h};

member alive(const std::string& node, std::uint64_t process = 1, std::uint64_t incarnation = 0) {
  member who;
  who.node = node;
  who.address = node + ":1";
  who.process = process;
  who.incarnation = incarnation;
  return who;
}

/// As it travels.
member believed(member_state state, const std::string& node, std::uint64_t process = 1,
                std::uint64_t incarnation = 0) {
  auto who = alive(node, process, incarnation);
  who.address.clear();
  who.state = state;
  return who;
}

struct table_fixture {
  member_table table{alive("us", 5)};
  change hear(const member& news, member_table::time_point now = start) { return table.hear(news, now); }
  member_state state(const std::string& node) { return table.find(node)->who->state; }
};

} // namespace

TEST_CASE_FIXTURE(table_fixture, "of one incarnation the worse state wins, and a higher one clears it") {
  CHECK(hear(alive("a")) == change::joined);
  CHECK(hear(alive("a")) == change::none);
  CHECK(hear(believed(member_state::suspect, "a")) == change::accused);
  CHECK(table.suspects() == 1);
  CHECK(hear(alive("a")) == change::none);
  CHECK(hear(alive("a", 1, 1)) == change::renewed);
  CHECK(hear(believed(member_state::suspect, "a")) == change::none); // it has refuted that
  CHECK(hear(believed(member_state::dead, "a", 1, 1)) == change::gone);
  CHECK(hear(believed(member_state::suspect, "a", 1, 1)) == change::none);
  CHECK(hear(alive("a", 1, 2)) == change::joined);
  CHECK(hear(believed(member_state::left, "a", 1, 2)) == change::gone);
  CHECK(table.find("a")->who->address == "a:1"); // known from before
  CHECK(table.suspects() == 0);
}

TEST_CASE_FIXTURE(table_fixture, "a restarted member outdoes whatever was said of its past") {
  hear(alive("a", 1, 7));
  hear(believed(member_state::dead, "a", 1, 9));
  CHECK(hear(alive("a", 2, 0)) == change::joined);
  CHECK(hear(believed(member_state::dead, "a", 1, 99)) == change::none);
  CHECK(state("a") == member_state::alive);
  auto moved = alive("a", 3);
  moved.address = "elsewhere:1";
  CHECK(hear(moved) == change::joined);
  CHECK(table.find("a")->who->address == "elsewhere:1");
}

TEST_CASE_FIXTURE(table_fixture, "an address changes with a higher incarnation") {
  hear(alive("a"));
  auto moved = alive("a", 1, 1);
  moved.address = "elsewhere:1";
  CHECK(hear(moved) == change::renewed);
  CHECK(table.find("a")->who->address == "elsewhere:1");
}

TEST_CASE_FIXTURE(table_fixture, "accusations of somebody unknown mean nothing") {
  CHECK(hear(believed(member_state::suspect, "x")) == change::none);
  CHECK(hear(believed(member_state::dead, "x")) == change::none);
  CHECK(table.find("x") == nullptr);
}

TEST_CASE_FIXTURE(table_fixture, "what is said of us is outdone, but not what is old") {
  CHECK(hear(believed(member_state::suspect, "us", 5, 0)) == change::refuted);
  CHECK(table.own().incarnation == 1);
  CHECK(hear(believed(member_state::suspect, "us", 5, 0)) == change::none);
  CHECK(hear(believed(member_state::dead, "us", 5, 8)) == change::refuted);
  CHECK(table.own().incarnation == 9);
  CHECK(hear(believed(member_state::dead, "us", 4, 99)) == change::none); // our past
  table.leave();
  CHECK(hear(believed(member_state::dead, "us", 5, 9)) == change::none);
}

TEST_CASE_FIXTURE(table_fixture,
                  "another node with our name is a conflict; our own past, whose clock was ahead, is none") {
  auto other = alive("us", 9);
  other.address = "other:1";
  CHECK(hear(other) == change::conflict);
  CHECK(table.own().process == 5);
  CHECK(hear(alive("us", 9)) == change::refuted); // our address
  CHECK(table.own().process == 10);
  CHECK(hear(believed(member_state::dead, "us", 20)) == change::refuted);
  CHECK(table.own().process == 21);
}

TEST_CASE_FIXTURE(table_fixture, "the dead are remembered for a while, then forgotten") {
  hear(alive("a"));
  hear(believed(member_state::dead, "a"), start + 1h);
  CHECK(table.forget(start + 1h + limits::dead_memory - 1s).empty());
  CHECK(hear(alive("a")) == change::none); // late news do not raise it
  CHECK(table.forget(start + 1h + limits::dead_memory) == std::vector<std::string>{"a"});
  CHECK(table.gone() == 0);
  CHECK(hear(alive("a")) == change::joined);
}

TEST_CASE_FIXTURE(table_fixture, "the number of members is bounded, and the dead make room") {
  for (std::size_t i = 1; i < limits::members_max; ++i) REQUIRE(hear(alive(std::to_string(i))) == change::joined);
  CHECK(hear(alive("one too many")) == change::refused);
  hear(believed(member_state::dead, "17"));
  CHECK(hear(alive("one more")) == change::joined);
  CHECK(table.living() == limits::members_max - 1);
}

TEST_CASE_FIXTURE(table_fixture, "who knows the same members as living has the same view, however it came to it") {
  member_table other{alive("a", 1, 3)};
  hear(alive("a"));
  other.hear(alive("us", 5), start);
  CHECK(table.view() == other.view());
  hear(alive("b"));
  CHECK(table.view() != other.view());
  other.hear(alive("b"), start);
  hear(believed(member_state::suspect, "b"));
  CHECK(table.view() == other.view());
  hear(believed(member_state::dead, "b"));
  CHECK(table.view() != other.view());
  hear(alive("b", 2));
  CHECK(table.view() != other.view());
  other.hear(alive("b", 2), start);
  CHECK(table.view() == other.view());
}

TEST_CASE_FIXTURE(table_fixture, "draws are living, different and wanted") {
  std::mt19937_64 random{test::random_seed("draws")};
  for (int i = 0; i < 10; ++i) hear(alive(std::to_string(i)));
  hear(believed(member_state::dead, "3"));
  for (int i = 0; i < 100; ++i) {
    std::set<std::string> drawn;
    for (const auto& who : table.draw(3, random, [](const member& m) { return m.node != "4"; })) {
      CHECK(drawn.insert(who->node).second);
    }
    CHECK_FALSE((drawn.contains("3") || drawn.contains("4")));
  }
  CHECK(table.draw_gone(random)->node == "3");
}

TEST_CASE("whatever the order of news, the same is believed in the end") {
  std::mt19937_64 random{test::random_seed("orders of news")};
  for (int round = 0; round < 200; ++round) {
    std::vector<member> all{alive("a", 1, 0)};
    for (int i = 0; i < 12; ++i) {
      auto news = alive("a", 1 + random() % 2, random() % 4);
      news.state = static_cast<member_state>(1 + random() % 4);
      all.push_back(news);
    }
    std::optional<member> end;
    for (int order = 0; order < 5; ++order) {
      std::shuffle(all.begin(), all.end(), random);
      member_table table{alive("us")};
      for (const auto& news : all) table.hear(news, start);
      if (end) CHECK(*table.find("a")->who == *end);
      end = *table.find("a")->who;
    }
  }
}
