// SPDX-License-Identifier: Apache-2.0
// The plain parts of upkeep: histograms and the table of accesses.
#include "storage/access_table.hpp"
#include "storage/coarse_histogram.hpp"
#include "storage/table_stats_cache.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

using namespace argentum::storage;
using namespace argentum::test;

TEST_CASE("a coarse histogram never says more than there is below a point, and little less") {
  std::mt19937_64 random{random_seed("histogram")};
  for (int round = 0; round < 50; ++round) {
    std::uint64_t range = std::uint64_t{1} << (1 + random() % 40), base = random() % (std::uint64_t{1} << 40);
    coarse_histogram half, whole;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> all;
    for (int i = 0; i < 2000; ++i) {
      all.emplace_back(base + random() % range, random() % 1000);
      (i % 2 == 0 ? half : whole).add(all.back().first, all.back().second);
    }
    whole.add(half);
    auto truth = [&](std::uint64_t point) {
      std::uint64_t sum = 0;
      for (auto [at, bytes] : all)
        if (at < point) sum += bytes;
      return sum;
    };
    CHECK(whole.total() == truth(~std::uint64_t{0}));
    for (int i = 0; i <= 20; ++i) {
      auto point = base + range / 20 * static_cast<std::uint64_t>(i);
      CHECK(whole.below(point) <= truth(point));
      CHECK(whole.below(point + range / 16) >= truth(point));
    }
    auto half_way = whole.point_above(whole.total() / 2);
    CHECK(whole.below(half_way) >= whole.total() / 2);
    CHECK(coarse_histogram::decode(whole.encode()) == whole);
    CHECK_FALSE(coarse_histogram::decode(whole.encode() + "x"));
  }
}

TEST_CASE("a table of accesses knows the last of what was read, in bounded memory") {
  access_table table{64 * 1024}; // 8192 keys
  CHECK(table.keys() == 0);
  CHECK(table.bytes() == 64 * 1024);
  for (int i = 0; i < 4000; ++i) table.touch("key" + std::to_string(i), 10);
  for (int i = 0; i < 4000; i += 4) table.touch("key" + std::to_string(i), 20);
  int known = 0;
  for (int i = 0; i < 4000; ++i) {
    auto last = table.last("key" + std::to_string(i));
    if (last == 0) continue;
    ++known;
    CHECK(last == (i % 4 == 0 ? 20u : 10u));
  }
  CHECK(known > 3800);
  CHECK(table.keys() == static_cast<std::uint64_t>(known)); // a small table is counted whole
  CHECK(table.last("other") == 0);
  for (int i = 0; i < 100'000; ++i) table.touch("more" + std::to_string(i), 30); // newer ones push the oldest out
  int hot = 0;
  for (int i = 0; i < 4000; i += 4) hot += table.last("key" + std::to_string(i)) != 0;
  CHECK(hot < 1000);
  CHECK(table.last("more99999") == 30);
}

TEST_CASE("a table of accesses survives in bytes, but for those of another size or damaged ones") {
  access_table table{64 * 1024}, same{64 * 1024}, other{32 * 1024};
  for (int i = 0; i < 1000; ++i) table.touch("key" + std::to_string(i), 7);
  auto bytes = table.save();
  same.load(bytes);
  other.load(bytes);
  CHECK(same.last("key1") == 7);
  CHECK(same.save() == bytes);
  CHECK(other.last("key1") == 0);
  bytes[100] ^= 1;
  access_table damaged{64 * 1024};
  damaged.load(bytes);
  CHECK(damaged.last("key1") == 0);
  damaged.load({});
}

TEST_CASE("of a large table of accesses a part is counted") {
  access_table table{8 * 1024 * 1024};
  for (int i = 0; i < 200'000; ++i) table.touch("key" + std::to_string(i), 1);
  CHECK(table.keys() > 180'000);
  CHECK(table.keys() < 220'000);
}

TEST_CASE("statistics of files are asked for once, and those of files that are gone are forgotten") {
  table_stats_cache cache;
  CHECK(cache.missing({3, 7}) == table_stats_cache::numbers{3, 7});
  cache.add(3, {{}, 0.5});
  cache.add(7, {{}, 0.7});
  CHECK(cache.missing({3, 7, 9}) == table_stats_cache::numbers{9});
  CHECK(cache.find(3)->density == 0.5);
  CHECK(cache.missing({7}).empty());
  CHECK(!cache.find(3));
}
