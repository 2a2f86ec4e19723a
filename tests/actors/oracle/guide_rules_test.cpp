// SPDX-License-Identifier: Apache-2.0
#include "actors/oracle/guide_table.hpp"
#include "messages/oracle_limits.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

using names = std::set<std::string>;

address_book::place place(const std::string& datacenter, std::vector<std::string> addresses) {
  address_book::place out{datacenter, 1ms, {}};
  for (auto& each : addresses) out.contacts.push_back({"node-" + each, each});
  return out;
}

/// Chooses for a leaf in "ams"; whoever is not named is neither linked nor resting.
struct choice_fixture {
  std::vector<address_book::place> places{place("ams", {"a1", "a2"}), place("ber", {"b1", "b2"}),
                                          place("cdg", {"c1"}), place("dub", {"d1"})};
  names linked, resting;
  std::vector<std::string> seeds{"s1", "a1"};

  std::map<std::string, guide_duty> choose(guide_needs needs = {}) const {
    return choose_guides(places, "ams", seeds, needs, [this](const std::string& address) {
      if (resting.contains(address)) return guide_reach::resting;
      return linked.contains(address) ? guide_reach::linked : guide_reach::unknown;
    });
  }
  names asked(guide_needs needs = {}) const {
    names out;
    for (const auto& [address, duty] : choose(needs))
      if (duty.asked) out.insert(address);
    return out;
  }
  names registers() const {
    names out;
    for (const auto& [address, duty] : choose({true, false}))
      if (duty.registers) out.insert(address);
    return out;
  }
};

const guide_table::time_point start{1h};

} // namespace

TEST_CASE_FIXTURE(choice_fixture, "guides are those of our own datacenter, then the nearest") {
  linked = {"a1", "a2", "b1"};
  CHECK(asked() == names{"a1", "a2", "b1"});
}

TEST_CASE_FIXTURE(choice_fixture, "whoever failed is replaced, and tried again beside its replacement") {
  linked = {"a2", "b1"};
  resting = {"a1"};
  CHECK(asked() == names{"a2", "b1", "b2"});
  linked = {"a2", "b1", "b2"};
  resting = {};
  CHECK(asked() == names{"a1", "a2", "b1", "b2"});
  linked.insert("a1");
  CHECK(asked() == names{"a1", "a2", "b1"});
}

TEST_CASE_FIXTURE(choice_fixture, "seeds are asked while nobody is linked") {
  CHECK(asked() == names{"a1", "a2", "b1", "s1"});
  linked = {"b1"};
  CHECK(asked() == names{"a1", "a2", "b1"});
  places.clear();
  linked = {};
  CHECK(asked() == names{"a1", "s1"});
}

TEST_CASE_FIXTURE(choice_fixture,
                  "replicas register with all of their datacenter, or with a guide if there is none") {
  places.front() = place("ams", {"a1", "a2", "a3", "a4"});
  linked = {"a1", "a2", "a3"};
  CHECK(asked() == names{"a1", "a2", "a3"});
  CHECK(registers() == names{"a1", "a2", "a3", "a4"});
  places.erase(places.begin());
  linked = {"b1"};
  CHECK(registers() == names{"b1"});
}

TEST_CASE_FIXTURE(choice_fixture, "a leaf with proxies asks one more in each of the two nearest others") {
  places.front() = place("ams", {"a1", "a2", "a3"});
  linked = {"a1", "a2", "a3", "b2"};
  resting = {"b1"};
  CHECK(asked({false, true}) == names{"a1", "a2", "a3", "b2", "c1"});
  CHECK(asked() == names{"a1", "a2", "a3"});
}

TEST_CASE("links are dialled once, and released when they are not wanted any more") {
  guide_table table{1};
  CHECK(table.want({{"a", {true, false}}}, start).dial == std::vector<std::string>{"a"});
  CHECK(table.want({{"a", {true, false}}}, start).dial.empty());
  table.opened("a", {7}, "ams", start);
  CHECK(table.reach("a", start) == guide_reach::linked);
  auto changes = table.want({{"b", {true, false}}}, start);
  CHECK(changes.release == std::vector<std::string>{"a"});
  CHECK(changes.dial == std::vector<std::string>{"b"});
  CHECK(table.want({}, start).release == std::vector<std::string>{"b"}); // still being dialled
  table.opened("b", {8}, "ams", start);
  table.opened("never asked for", {9}, "ams", start);
  CHECK(table.linked() == 0);
}

TEST_CASE("whoever can't be reached is left alone, longer each time up to a bound") {
  guide_table table{1};
  auto now = start;
  std::vector<std::chrono::steady_clock::duration> pauses;
  for (int i = 0; i < 10; ++i) {
    table.want({{"a", {true, false}}}, now);
    table.closed("a", now);
    auto failed = now;
    while (table.reach("a", now) == guide_reach::resting) now += 100ms;
    pauses.push_back(now - failed);
  }
  CHECK(pauses.front() <= limits::guide_rest_min);
  CHECK(pauses.front() >= limits::guide_rest_min / 2);
  CHECK(pauses.back() <= limits::nearest_interval + 100ms);
  CHECK(pauses.back() >= limits::nearest_interval / 2);
}

TEST_CASE("each has its turn about once an interval; who does not answer until the next is let go of") {
  guide_table table{1};
  std::map<std::string, guide_duty> duties{{"a", {true, true}}, {"b", {true, false}}};
  table.want(duties, start);
  table.opened("a", {1}, "ams", start);
  table.opened("b", {2}, "ber", start);
  CHECK(table.to_ask(start) == std::vector<link_id>{{1}, {2}});
  CHECK(table.to_ask(start).empty());
  CHECK(table.to_register(start) == std::vector<link_id>{{1}});
  CHECK(table.registrars() == std::vector<link_id>{{1}});
  CHECK(table.answered({1}) == "ams");
  CHECK(!table.answered({1})); // nobody asked twice
  CHECK(table.to_ask(start + limits::nearest_interval / 2).empty());
  auto later = start + limits::nearest_interval * 3 / 2;
  CHECK(table.to_ask(later) == std::vector<link_id>{{1}});
  CHECK(table.reach("b", later) == guide_reach::resting);
  CHECK(table.want({{"a", {true, true}}}, later).release == std::vector<std::string>{"b"});
}
