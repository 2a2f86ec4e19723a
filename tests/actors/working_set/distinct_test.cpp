// SPDX-License-Identifier: Apache-2.0
// Counts of distinct keys against exact sets.
#include "actors/working_set/sliding_distinct.hpp"
#include "actors/working_set/working_set_estimate.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <unordered_set>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

const time_point start{100h};

} // namespace

TEST_CASE("a sketch counts within four of its standard errors, repeats not at all") {
  std::mt19937_64 random{test::random_seed("hyper_log_log")};
  for (std::size_t count : {0u, 1u, 10u, 500u, 4096u, 10'000u, 30'000u, 300'000u}) {
    hyper_log_log sketch;
    std::unordered_set<std::uint64_t> exact;
    while (exact.size() < count) {
      auto hash = random();
      exact.insert(hash);
      sketch.add(hash);
      sketch.add(hash);
    }
    auto n = static_cast<double>(count);
    CAPTURE(count);
    CHECK(std::abs(sketch.estimate() - n) <= 4 * hyper_log_log::standard_error * n);
  }
}

TEST_CASE("its error is the one that is stated, over many sketches") {
  std::mt19937_64 random{test::random_seed("hyper_log_log error")};
  constexpr int sketches = 200;
  constexpr double count = 20'000;
  double squares = 0;
  for (int i = 0; i < sketches; ++i) {
    hyper_log_log sketch;
    for (int k = 0; k < count; ++k) sketch.add(random());
    auto off = sketch.estimate() / count - 1;
    squares += off * off;
  }
  CHECK(std::sqrt(squares / sketches) < 1.3 * hyper_log_log::standard_error);
}

TEST_CASE("small hashes, as those of a sample are, count like others") {
  hyper_log_log sketch;
  for (std::uint64_t hash = 0; hash < 50'000; ++hash) sketch.add(hash);
  CHECK(sketch.estimate() == doctest::Approx(50'000).epsilon(4 * hyper_log_log::standard_error));
}

TEST_CASE("a merged sketch counts what either has seen, once") {
  hyper_log_log a, b;
  for (std::uint64_t hash = 0; hash < 6000; ++hash) a.add(hash);
  for (std::uint64_t hash = 4000; hash < 10'000; ++hash) b.add(hash);
  a.merge(b);
  CHECK(a.estimate() == doctest::Approx(10'000).epsilon(4 * hyper_log_log::standard_error));
}

TEST_CASE("keys slide out of the window") {
  sliding_distinct distinct{5min};
  auto in_last = [&](std::chrono::seconds span, time_point now) {
    hyper_log_log seen;
    distinct.merge_into(seen, now - span, now);
    return seen.estimate();
  };
  auto now = start;
  for (int slot = 0; slot < 24; ++slot, now += 5min) // 100 new ones in each slot, and 10 that are always there
    for (std::uint64_t i = 0; i < 110; ++i) distinct.add(i < 10 ? i : 1000 * (slot + 1) + i, now);
  now -= 5min;
  CHECK(in_last(1h, now) == doctest::Approx(12 * 100 + 10).epsilon(0.05));
  CHECK(in_last(2h, now) == doctest::Approx(24 * 100 + 10).epsilon(0.05));
  CHECK(in_last(1h, now + 30min) == doctest::Approx(6 * 100 + 10).epsilon(0.05));
  CHECK(in_last(1h, now + 2h) == doctest::Approx(0));
  auto before = distinct.bytes();
  distinct.forget_before(now - 1h);
  CHECK(distinct.bytes() < before);
  CHECK(in_last(1h, now) == doctest::Approx(12 * 100 + 10).epsilon(0.05));
}

TEST_CASE("windows double from an hour on to the whole span") {
  using list = std::vector<std::chrono::seconds>;
  CHECK(working_set_estimate::windows(1h) == list{1h});
  CHECK(working_set_estimate::windows(6h) == list{1h, 2h, 4h, 6h});
  CHECK(working_set_estimate::windows(24h) == list{1h, 2h, 4h, 8h, 16h, 24h});
}

TEST_CASE("distinct keys and bytes of a sampled key space are within the error that the report states") {
  std::mt19937_64 random{test::random_seed("working_set_estimate")};
  constexpr std::uint64_t one_in = 20;
  constexpr int keys = 200'000;
  working_set_estimate estimate{one_in, 24h, start};
  std::uint32_t reads = 0;
  double bytes = 0;
  auto salt = std::to_string(random());
  for (int i = 0; i < keys; ++i) {
    auto size = static_cast<std::uint32_t>(100 + random() % 900);
    bytes += size;
    ++reads;
    auto hash = hash_of_key(salt + std::to_string(i));
    if (hash <= hash_limit(one_in)) estimate.note({hash, 0, size, std::exchange(reads, 0), {}}, start + 1min);
  }
  auto report = estimate.report(start + 10min);
  REQUIRE(report.windows.size() == 6);
  for (auto& window : report.windows) {
    CHECK(window.error < 0.03);
    CHECK(window.keys == doctest::Approx(keys).epsilon(4 * window.error));
    CHECK(window.bytes == doctest::Approx(bytes).epsilon(4 * window.error + 0.03));
  }
  CHECK(report.reads == keys - reads);
  CHECK(report.watched == 10min);
  auto later = estimate.report(start + 2h).windows;
  CHECK(later[0].keys == doctest::Approx(0));
  CHECK(later[1].keys == doctest::Approx(0)); // a slot counts as a whole: the first of two hours is just over
  CHECK(later[2].keys == doctest::Approx(keys).epsilon(0.12));
}
