// SPDX-License-Identifier: Apache-2.0
#include "actors/write/index_waiters.hpp"
#include "actors/write/pending_overlay.hpp"
#include "actors/write/write_group.hpp"
#include "messages/chain.hpp"
#include "messages/entry_codec.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace argentum::actors;
using namespace std::chrono_literals;

namespace {

std::vector<mutation> one(const std::string& key, const std::string& value = "v") {
  return {{mutation_kind::create, key, value}};
}

stamp_t at_us(std::int64_t us) {
  return stamp_t{std::chrono::microseconds{us}};
}

} // namespace

TEST_CASE("the overlay shows the latest pending value until its entry is committed") {
  pending_overlay overlay;
  overlay.add(1, one("k", "1"));
  overlay.add(2, {{mutation_kind::update, "k", "2"}, {mutation_kind::create, "l", "x"}});
  overlay.add(3, {{mutation_kind::remove, "l", ""}});
  CHECK(overlay.find("k")->value == "2");
  CHECK_FALSE(overlay.find("l")->present);
  overlay.settle(1);
  CHECK(overlay.find("k")->value == "2");
  overlay.settle(2);
  CHECK(overlay.find("k") == nullptr);
  CHECK(overlay.find("l")->index == 3);
  overlay.settle(3);
  CHECK(overlay.empty());
}

TEST_CASE("entries get consecutive indexes, a chain, and stamps that never go back") {
  group_queue queue{{1000, 10}};
  queue.start_at({2, 7, 99}, at_us(50));
  CHECK(queue.add(one("a"), at_us(40), 1000) == 8);
  CHECK(queue.add(one("b"), at_us(60), 1000) == 9);
  auto run = queue.take();
  REQUIRE(run->size() == 2);
  CHECK((*run)[0].chain == extend_chain(99, (*run)[0].bytes));
  CHECK((*run)[1].chain == extend_chain((*run)[0].chain, (*run)[1].bytes));
  CHECK(decode_entry((*run)[0].bytes)->stamp == at_us(50));
  CHECK(decode_entry((*run)[0].bytes)->epoch == 2);
  CHECK(decode_entry((*run)[1].bytes)->stamp == at_us(60));
}

TEST_CASE("the first entry of a new instance is entry 1 of epoch 1") {
  group_queue queue{{1000, 10}};
  queue.start_at({}, {});
  CHECK(queue.add(one("a"), at_us(1), 1000) == 1);
  CHECK(decode_entry(queue.take()->front().bytes)->epoch == 1);
}

TEST_CASE("what comes while a group is committed forms the next; groups are bounded") {
  group_queue queue{{1000, 3}};
  queue.start_at({}, {});
  queue.add(one("a"), {}, 1000);
  CHECK(queue.take()->size() == 1);
  for (int i = 0; i < 4; ++i) queue.add(one("b" + std::to_string(i)), {}, 1000);
  queue.pop();
  CHECK(queue.take()->size() == 3);
  queue.pop();
  CHECK(queue.take()->size() == 1);
  queue.pop();
  CHECK(queue.empty());
  CHECK(queue.held_bytes() == 0);
}

TEST_CASE("a group ends at its bytes; an entry too large for any is refused and leaves no gap") {
  group_queue queue{{200, 100}};
  queue.start_at({}, {});
  queue.add(one("a", std::string(150, 'x')), {}, 1000);
  queue.add(one("b", std::string(150, 'x')), {}, 1000);
  CHECK_FALSE(queue.add(one("c", std::string(1000, 'x')), {}, 1000));
  CHECK(queue.add(one("d"), {}, 1000) == 3);
  CHECK(queue.take()->size() == 1);
}

TEST_CASE("replies wait for the group of their entry; a failure answers everybody") {
  group_queue queue{{1000, 1}};
  queue.start_at({}, {});
  std::string log;
  auto reply = [&](std::string name) {
    return reply_to<write_result>{[&log, name](caf::expected<write_result> answer) {
      log +=
          name + (answer ? std::to_string(answer->index) : std::string{to_string(code_of(answer.error()))}) + " ";
    }};
  };
  for (const auto* name : {"a", "b", "c"}) {
    auto index = queue.add(one(name), {}, 1000);
    queue.await(reply(name), {*index, {}});
  }
  queue.await(reply("noop"), {1, {}});
  queue.take();
  queue.front().answer();
  queue.pop();
  CHECK(log == "a1 noop1 ");
  queue.fail(make_error(errc::disk_full));
  CHECK(log == "a1 noop1 bdisk_full cdisk_full ");
  CHECK(queue.empty());
}

TEST_CASE("waiters are answered by index or by time, and bounded") {
  index_waiters waiters{2};
  std::string log;
  auto wish = [&](index_t index, std::chrono::milliseconds timeout) {
    return wait_index{index, timeout, reply_to<index_t>{[&log, index](caf::expected<index_t> answer) {
                        log += std::to_string(index) + "="
                               + (answer ? std::to_string(*answer) : to_string(code_of(answer.error()))) + " ";
                      }}};
  };
  time_point start{1h};
  CHECK(waiters.add(wish(1, 0ms), 3, start));
  CHECK(log == "1=3 ");
  CHECK(waiters.next_deadline() == time_point::max());
  CHECK(waiters.add(wish(5, 0ms), 3, start));
  CHECK(waiters.add(wish(9, 10ms), 3, start));
  CHECK_FALSE(waiters.add(wish(4, 0ms), 3, start));
  CHECK(log == "1=3 4=overloaded ");
  waiters.reached(6);
  CHECK(waiters.next_deadline() == start + 10ms);
  waiters.expire(start + 9ms);
  CHECK(log == "1=3 4=overloaded 5=6 ");
  waiters.expire(start + 10ms);
  CHECK(log == "1=3 4=overloaded 5=6 9=timed_out ");
  CHECK(waiters.size() == 0);
  waiters.add(wish(7, 5ms), 3, start);
  waiters.reached(7);
  CHECK(waiters.next_deadline() == time_point::max());
}

TEST_CASE("waiters whose client is gone make room") {
  index_waiters waiters{2};
  auto client = std::make_shared<int>(0);
  int answers = 0;
  auto wish = [&](index_t index, std::chrono::milliseconds timeout, reply_to<index_t>::asker who) {
    return wait_index{index, timeout, {[&](const caf::expected<index_t>&) { ++answers; }, std::move(who)}};
  };
  time_point start{1h};
  auto other = std::make_shared<int>(0);
  CHECK(waiters.add(wish(5, 10ms, client), 3, start));
  CHECK(waiters.add(wish(5, 0ms, other), 3, start));
  CHECK_FALSE(waiters.add(wish(5, 0ms, other), 3, start));
  waiters.purge();
  CHECK(waiters.size() == 2);
  client.reset();
  CHECK(waiters.add(wish(6, 0ms, other), 3, start)); // in the place of the first
  CHECK(waiters.size() == 2);
  CHECK(waiters.next_deadline() == time_point::max());
  other.reset();
  waiters.purge();
  CHECK(waiters.size() == 0);
}
