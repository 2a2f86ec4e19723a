// SPDX-License-Identifier: Apache-2.0
// The pool against a model of replicas: each serves some requests at a time, for random times. No clock, no actor.
#include "actors/lookup/replica_pool.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <queue>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

using time_point = replica_pool::time_point;
using duration = replica_pool::duration;

struct answer {
  time_point at, sent_at;
  replica_no replica = 0;
  bool operator>(const answer& other) const { return at > other.at; }
};

/// Requests at random times, `load` of them per mean service time and replica, answered one after the other by
/// each of `workers` of a replica.
std::vector<std::uint64_t> serve(std::size_t replicas, double load, std::size_t workers, std::uint64_t seed) {
  std::mt19937_64 random{seed};
  replica_pool pool;
  std::vector<set_replicas::replica> set;
  for (std::size_t i = 0; i < replicas; ++i) set.push_back({"h" + std::to_string(i) + ":1", 0});
  pool.set(set);
  for (auto n : pool.members()) pool.connected(n, {n + 1});
  constexpr double mean_us = 1000;
  std::exponential_distribution<double> service{1 / mean_us};
  std::exponential_distribution<double> pause{load * static_cast<double>(replicas * workers) / mean_us};
  auto drawn = [&](auto& from) {
    return std::chrono::duration_cast<duration>(std::chrono::duration<double, std::micro>{from(random)});
  };
  std::vector<std::vector<time_point>> free(replicas, std::vector<time_point>(workers));
  std::priority_queue<answer, std::vector<answer>, std::greater<>> answers;
  time_point now{1h};
  for (int i = 0; i < 30'000; ++i) {
    now += drawn(pause);
    for (; !answers.empty() && answers.top().at <= now; answers.pop()) {
      const auto& a = answers.top();
      pool.measured(a.replica, a.at - a.sent_at);
      pool.answered(a.replica, a.sent_at, 1000);
    }
    auto n = pool.choose(
                     now, [](replica_no) { return true; }, random)
                 .replica;
    if (!n) continue;
    pool.sent(*n, now);
    auto& worker = *std::min_element(free[*n].begin(), free[*n].end());
    worker = std::max(worker, now) + drawn(service);
    answers.push({worker, now, *n});
  }
  std::vector<std::uint64_t> requests;
  for (const auto& each : pool.report()) requests.push_back(each.requests);
  return requests;
}

} // namespace

TEST_CASE("of equal replicas none gets more than 1.2 times its share, at low load and at high load") {
  auto seed = test::random_seed("replica_share");
  for (std::size_t replicas : {2, 3, 5, 16})
    for (double load : {0.05, 0.5, 0.9})
      for (std::size_t workers : {1, 4}) {
        auto requests = serve(replicas, load, workers, seed++);
        double all = 0;
        for (auto each : requests) all += static_cast<double>(each);
        auto most = static_cast<double>(*std::max_element(requests.begin(), requests.end()));
        INFO(replicas, " replicas, load ", load, ", ", workers, " workers");
        CHECK(most < 1.2 * all / static_cast<double>(replicas));
      }
}
