// SPDX-License-Identifier: Apache-2.0
#include "messages/reply_burst.hpp"

#include <doctest/doctest.h>

using namespace argentum;

TEST_CASE("what a burst puts off runs at its end, in order; without a burst it runs at once") {
  std::vector<int> ran;
  {
    reply_burst burst;
    reply_burst::at_end([&] { ran.push_back(1); });
    reply_burst::at_end([&] { ran.push_back(2); });
    CHECK(ran.empty());
  }
  CHECK(ran == std::vector{1, 2});
  reply_burst::at_end([&] { ran.push_back(3); });
  CHECK(ran == std::vector{1, 2, 3});
}
