// SPDX-License-Identifier: Apache-2.0
#include "actors/lookup/position_trail.hpp"
#include "messages/limits.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace argentum;
using actors::position_trail;

TEST_CASE("a trail has the newest position, the oldest, and of every age one") {
  std::mt19937_64 random{test::random_seed("position_trail")};
  position_trail trail;
  index_t head = 0;
  for (int i = 0; i < 200'000; ++i) {
    head += 1 + random() % 3;
    trail.note({1, head, head});
  }
  const auto& all = trail.positions();
  CHECK(all.size() == limits::lookup_positions_max);
  CHECK(all.back().index == head);
  CHECK(all.front().index <= 3);
  CHECK(std::is_sorted(all.begin(), all.end(), [](auto& a, auto& b) { return a.index < b.index; }));
  for (index_t age = 32; age < head / 4; age *= 2) { // a replica that is `age` behind, a version four times as old
    CAPTURE(age);
    CHECK(std::any_of(all.begin(), all.end(), [&](const position& each) {
      return each.index <= head - age && each.index >= head - 4 * age;
    }));
  }
}

TEST_CASE("older news do not change a trail") {
  position_trail trail;
  trail.note({1, 5, 50});
  trail.note({1, 4, 40});
  trail.note({1, 5, 51});
  CHECK(trail.positions() == std::vector<position>{{1, 5, 50}});
  trail.clear();
  CHECK(trail.positions().empty());
}
