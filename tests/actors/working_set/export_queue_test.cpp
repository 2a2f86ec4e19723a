// SPDX-License-Identifier: Apache-2.0
#include "actors/working_set/export_queue.hpp"
#include "messages/sampling_limits.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

const time_point start{100h};

void fill(export_queue& queue, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) REQUIRE(queue.add({{}, {i, 0, 1, 1, {}}}));
}

} // namespace

TEST_CASE("few rows wait for others, a full batch leaves at once, one at a time") {
  export_queue queue;
  CHECK(queue.next(start) == nullptr);
  fill(queue, 1);
  REQUIRE(queue.next(start) != nullptr);
  CHECK(queue.next(start) == nullptr);
  CHECK(queue.done(true, start) == 1);
  fill(queue, 5);
  CHECK(queue.next(start + limits::export_delay - 1s) == nullptr);
  CHECK(queue.next(start + limits::export_delay)->size() == 5);
  CHECK(queue.done(true, start + 20s) == 5);
  fill(queue, limits::export_batch_rows + 1);
  CHECK(queue.next(start + 20s)->size() == limits::export_batch_rows);
  CHECK(queue.waiting() == limits::export_batch_rows + 1);
}

TEST_CASE("a batch that failed is sent again, after pauses that grow up to a bound") {
  export_queue queue;
  fill(queue, 3);
  auto now = start;
  auto first = queue.next(now);
  std::chrono::nanoseconds pause{0};
  for (int failure = 0; failure < 12; ++failure) {
    CHECK(queue.done(false, now) == 0);
    auto failed = now;
    while (queue.next(now) == nullptr) now += 500ms;
    CHECK(now - failed >= pause);
    pause = now - failed;
  }
  CHECK(pause == limits::export_retry_max);
  CHECK(queue.done(true, now) == 3);
  CHECK(queue.waiting() == 0);
}

TEST_CASE("the rows of a batch that failed are the same and in order, those that came later follow") {
  export_queue queue;
  fill(queue, 2);
  auto batch = queue.next(start);
  fill(queue, 1);
  queue.done(false, start);
  CHECK(queue.next(start + 1s) == batch);
  queue.done(true, start + 1s);
  CHECK(queue.next(start + 60s)->size() == 1);
}

TEST_CASE("what does not fit is refused") {
  export_queue queue;
  fill(queue, limits::export_rows_max);
  CHECK_FALSE(queue.add({}));
  auto batch = queue.next(start);
  CHECK_FALSE(queue.add({})); // it may have to be sent again
  queue.done(true, start);
  CHECK(queue.add({}));
}
