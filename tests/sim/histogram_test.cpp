// SPDX-License-Identifier: Apache-2.0
#include "apps/sim/report/histogram.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace argentum;
using namespace argentum::test;

TEST_CASE("an empty histogram says zero") {
  sim::histogram none;
  CHECK(none.count() == 0);
  CHECK(none.quantile(0.5) == 0);
  CHECK(none.max() == 0);
}

TEST_CASE("small numbers, and numbers that are all alike, are exact") {
  sim::histogram small;
  for (std::uint64_t n = 1; n <= 60; ++n) small.add(n);
  CHECK(small.quantile(0.5) == 30);
  CHECK(small.quantile(0.1) == 6);
  CHECK(small.quantile(1) == 60);
  for (std::uint64_t value : {0ull, 63ull, 64ull, 40'001ull, ~0ull}) {
    sim::histogram alike;
    alike.add(value, 1000);
    CHECK(alike.count() == 1000);
    CHECK(alike.quantile(0.5) == value);
    CHECK(alike.quantile(0.999) == value);
  }
}

TEST_CASE("quantiles of random numbers are within 1.6 %, and never below the exact ones") {
  std::mt19937_64 random{random_seed("histogram")};
  std::vector<std::uint64_t> values(5000);
  sim::histogram all;
  for (auto& value : values) {
    value = random() >> (random() % 60);
    all.add(value);
  }
  std::sort(values.begin(), values.end());
  for (double part : {0.01, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    auto exact = values[static_cast<std::size_t>(std::ceil(part * 5000)) - 1];
    auto found = all.quantile(part);
    CHECK(found >= exact);
    CHECK(static_cast<double>(found - exact) <= static_cast<double>(exact) * 0.016);
  }
}

TEST_CASE("two histograms together are one of both") {
  sim::histogram a, b, both;
  for (std::uint64_t n = 0; n < 1000; ++n) {
    (n % 3 == 0 ? a : b).add(n * n);
    both.add(n * n);
  }
  a.add(b);
  a.add(sim::histogram{});
  CHECK(a.count() == both.count());
  CHECK(a.min() == both.min());
  CHECK(a.max() == both.max());
  for (double part : {0.1, 0.5, 0.99}) CHECK(a.quantile(part) == both.quantile(part));
}
