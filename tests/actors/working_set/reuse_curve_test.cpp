// SPDX-License-Identifier: Apache-2.0
// The curve against a real LRU cache that reads the whole trace.
#include "actors/working_set/reuse_curve.hpp"
#include "messages/access_sample.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <list>
#include <string>
#include <unordered_map>
#include <utility>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

const time_point start{100h};

struct read {
  std::uint64_t hash;
  std::uint32_t bytes;
};

/// `keys` keys drawn with the weights 1/rank^skew, in a random order of hashes.
std::vector<read> zipf_trace(std::mt19937_64& random, std::size_t keys, std::size_t reads, double skew) {
  std::vector<double> sums;
  double sum = 0;
  for (std::size_t i = 0; i < keys; ++i) sums.push_back(sum += 1 / std::pow(static_cast<double>(i + 1), skew));
  auto salt = std::to_string(random());
  std::vector<read> all_keys;
  for (std::size_t i = 0; i < keys; ++i)
    all_keys.push_back({hash_of_key(salt + std::to_string(i)), static_cast<std::uint32_t>(50 + random() % 1000)});
  std::uniform_real_distribution<double> draw{0, sum};
  std::vector<read> trace;
  for (std::size_t i = 0; i < reads; ++i)
    trace.push_back(all_keys[std::lower_bound(sums.begin(), sums.end(), draw(random)) - sums.begin()]);
  return trace;
}

/// Share of the reads that a least-recently-used cache of so many bytes answers.
double lru_hit_rate(const std::vector<read>& trace, double cache_bytes) {
  std::list<read> order;
  std::unordered_map<std::uint64_t, std::list<read>::iterator> places;
  double used = 0;
  double hits = 0;
  for (auto& each : trace) {
    auto found = places.find(each.hash);
    if (found != places.end()) {
      ++hits;
      order.splice(order.begin(), order, found->second);
      continue;
    }
    order.push_front(each);
    places[each.hash] = order.begin();
    for (used += each.bytes; used > cache_bytes; order.pop_back()) {
      used -= order.back().bytes;
      places.erase(order.back().hash);
    }
  }
  return hits / static_cast<double>(trace.size());
}

reuse_curve sampled(const std::vector<read>& trace, std::uint64_t one_in, std::size_t keys_max) {
  reuse_curve curve{hash_limit(one_in), keys_max, 24h};
  std::uint32_t reads = 0;
  for (auto& each : trace) {
    ++reads;
    if (each.hash <= hash_limit(one_in)) curve.note(each.hash, each.bytes, std::exchange(reads, 0), start);
  }
  return curve;
}

double hit_rate_at(const reuse_curve& curve, double cache_bytes) {
  double rate = 0;
  for (auto& point : curve.points())
    if (point.cache_bytes <= cache_bytes) rate = point.hit_rate;
  return rate;
}

/// The largest difference at sizes of powers of two, from 2^from up to all bytes.
double error_of(const reuse_curve& curve, const std::vector<read>& trace, int from) {
  double worst = 0;
  for (int power = from; power <= 26; ++power) {
    auto size = std::exp2(power);
    worst = std::max(worst, std::abs(hit_rate_at(curve, size) - lru_hit_rate(trace, size)));
  }
  return worst;
}

} // namespace

TEST_CASE("of all keys the curve is that of a least-recently-used cache") {
  std::mt19937_64 random{test::random_seed("reuse_curve exact")};
  auto trace = zipf_trace(random, 3000, 60'000, 0.9);
  CHECK(error_of(sampled(trace, 1, 100'000), trace, 12) < 0.001);
}

TEST_CASE("of one key in some it is close on a Zipf trace, whether the hottest keys are among them or not") {
  std::mt19937_64 random{test::random_seed("reuse_curve sampled")};
  for (int round = 0; round < 4; ++round) {
    auto trace = zipf_trace(random, 100'000, 600'000, 1.0);
    auto curve = sampled(trace, 20, 100'000);
    CHECK(curve.points().front().cache_bytes > 100 * 19 * 500);
    CHECK(error_of(curve, trace, 21) < 0.06); // 190 keys of the sample fit
    CHECK(error_of(curve, trace, 23) < 0.03); // 760 do
  }
}

TEST_CASE("more keys than are kept: the rate falls, the memory does not grow, the curve holds") {
  std::mt19937_64 random{test::random_seed("reuse_curve bounded")};
  auto trace = zipf_trace(random, 100'000, 600'000, 0.8);
  auto curve = sampled(trace, 1, 2000);
  CHECK(curve.keys() == 2000);
  CHECK(curve.rate() < 0.1);
  CHECK(curve.bytes() < 2000 * 140 + 4096);
  CHECK(error_of(curve, trace, 24) < 0.05);
}

TEST_CASE("a scan alone never hits, a loop hits when all of it fits") {
  reuse_curve curve{hash_limit(1), 1000, 1h};
  for (std::uint64_t i = 0; i < 500; ++i) curve.note(i << 40, 100, 1, start);
  CHECK(curve.points().empty());
  for (std::uint64_t i = 0; i < 500; ++i) curve.note(i << 40, 100, 1, start);
  CHECK(hit_rate_at(curve, 49'000) == 0);
  CHECK(hit_rate_at(curve, 60'000) == doctest::Approx(0.5));
}

TEST_CASE("a size that is not known is the last one, or the mean of the others") {
  reuse_curve curve{hash_limit(1), 1000, 1h};
  curve.note(1, 100, 1, start);
  curve.note(2, 300, 1, start);
  curve.note(3, 0, 1, start);
  CHECK(curve.mean_bytes(start) == doctest::Approx(200));
  curve.note(2, 0, 1, start);
  CHECK(curve.mean_bytes(start) == doctest::Approx(200));
  curve.note(3, 800, 1, start);
  CHECK(curve.mean_bytes(start) == doctest::Approx(400));
}

TEST_CASE("keys that are not read any more leave, and the sample widens again") {
  reuse_curve curve{hash_limit(1), 100, 1h};
  for (std::uint64_t i = 0; i < 1000; ++i) curve.note(i << 54, 100, 1, start);
  CHECK(curve.rate() == doctest::Approx(0.1).epsilon(0.1));
  curve.fade(start + 59min);
  CHECK(curve.keys() == 100);
  curve.fade(start + 61min);
  CHECK(curve.keys() == 0);
  for (int i = 0; i < 10; ++i) curve.fade(start + 62min);
  CHECK(curve.rate() == doctest::Approx(1));
}

TEST_CASE("old reads fade") {
  reuse_curve curve{hash_limit(1), 100, 1h};
  auto read_twice = [&](std::uint64_t hash, time_point at) {
    curve.note(hash, 100, 1, at);
    curve.note(hash, 100, 1, at);
  };
  for (std::uint64_t i = 0; i < 50; ++i) read_twice(i << 50, start);
  CHECK(curve.points().back().hit_rate == doctest::Approx(0.5));
  curve.fade(start);
  for (int h = 1; h <= 10; ++h) curve.fade(start + h * 1h);
  for (std::uint64_t i = 50; i < 100; ++i) curve.note(i << 50, 100, 1, start + 10h);
  CHECK(curve.points().back().hit_rate < 0.01);
}
