// SPDX-License-Identifier: Apache-2.0
#include "apps/net/reply_queue.hpp"
#include "tests/support/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>
#include <vector>

using namespace argentum;
using namespace argentum::net;

TEST_CASE("replies leave in the order of their commands, whatever order they come in") {
  std::mt19937_64 random{test::random_seed("reply order")};
  for (int round = 0; round < 200; ++round) {
    reply_queue queue;
    std::string expected, sent;
    std::vector<std::pair<std::uint64_t, std::string>> open;
    for (int i = 0; i < 100; ++i) {
      auto text = std::to_string(i) + ",";
      expected += text;
      if (random() % 3 == 0)
        open.emplace_back(queue.open(wait_kind::miss, 5), text);
      else
        queue.tail() += text;
      std::shuffle(open.begin(), open.end(), random);
      while (!open.empty() && random() % 3 == 0) {
        queue.fill(open.back().first, open.back().second);
        open.pop_back();
      }
      CHECK(queue.waiting() == open.size());
      CHECK(queue.written_bytes() == 5 * open.size());
      sent += std::exchange(queue.ready(), {});
      std::size_t unsent = expected.size() - sent.size();
      for (const auto& each : open) unsent -= each.second.size();
      CHECK(queue.bytes() == unsent);
    }
    for (auto& each : open) queue.fill(each.first, each.second);
    CHECK(sent + queue.ready() == expected);
  }
}

TEST_CASE("reads wait for writes, writes for nothing but barriers, a change of protocol for everything") {
  reply_queue queue;
  CHECK(queue.may_run(run_rule::alone));
  auto miss = queue.open(wait_kind::miss);
  CHECK(queue.may_run(run_rule::after_writes));
  CHECK(queue.may_run(run_rule::any));
  CHECK_FALSE(queue.may_run(run_rule::alone));
  auto write = queue.open(wait_kind::write);
  CHECK_FALSE(queue.may_run(run_rule::after_writes));
  CHECK(queue.may_run(run_rule::any));
  queue.fill(write, "w");
  CHECK(queue.may_run(run_rule::after_writes));
  auto barrier = queue.open(wait_kind::barrier);
  CHECK_FALSE(queue.may_run(run_rule::after_writes));
  CHECK_FALSE(queue.may_run(run_rule::any));
  queue.fill(barrier, "b");
  queue.fill(miss, "m");
  CHECK(queue.may_run(run_rule::alone));
  CHECK(queue.ready() == "mwb");
}
