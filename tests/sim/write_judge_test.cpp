// SPDX-License-Identifier: Apache-2.0
// The judge of writes: right answers pass, and each kind of wrong one is found.
#include "apps/sim/write_judge.hpp"
#include "messages/chain.hpp"
#include "messages/entry_codec.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using sim::asked_write;
using sim::write_judge;

namespace {

struct judged_log {
  void add(std::vector<mutation> mutations) {
    auto index = log.head() + 1;
    auto bytes = encode_entry({1, index, stamp_t{std::chrono::microseconds{index}}, std::move(mutations)});
    REQUIRE(!log.add({index, extend_chain(log.at(index - 1).chain, bytes), bytes}));
  }
  bool right(std::vector<write_op> ops, write_result result, std::vector<expected_version> expected = {}) {
    return !judge.judge(log, {std::move(ops), std::move(expected)}, result);
  }
  sim::truth log;
  write_judge judge;
};

constexpr auto create = mutation_kind::create;
constexpr auto update = mutation_kind::update;

} // namespace

TEST_CASE_FIXTURE(judged_log, "a counter answers what its entry made of the one before it") {
  add({{create, "n", "1"}});
  add({{update, "n", "3"}});
  CHECK(!right({add_op{"n", 2}}, {2, {std::int64_t{4}}})); // another answer
  CHECK(!right({add_op{"n", 1}}, {2, {std::int64_t{2}}})); // another step
  CHECK(right({add_op{"n", 2}}, {2, {std::int64_t{3}}}));
  CHECK(!right({add_op{"n", 2}}, {2, {std::int64_t{3}}})); // a second one was told the same
  judge.lost_after(1);
  CHECK(right({add_op{"n", 2}}, {2, {std::int64_t{3}}}));
}

TEST_CASE_FIXTURE(judged_log, "a transaction is one whole entry") {
  add({{create, "a", "1"}});
  add({{update, "a", "2"}, {create, "b", "x"}});
  std::vector<write_op> half{add_op{"a", 1}};
  CHECK(!right(half, {2, {std::int64_t{2}}})); // the entry changes more than that
  auto whole = half;
  whole.push_back(append_op{"b", "x"});
  whole.push_back(read_op{"a"});
  CHECK(!right(whole, {2, {std::int64_t{2}, std::int64_t{1}, old_value{"1"}}})); // a read before the write
  CHECK(right(whole, {2, {std::int64_t{2}, std::int64_t{1}, old_value{"2"}}}));
}

TEST_CASE_FIXTURE(judged_log, "what changes nothing answers what is there at its index") {
  add({{create, "a", "text"}});
  add({{create, "other", ""}});
  CHECK(right({put_op{"a", "new", put_when::absent}}, {1, {std::int64_t{0}}}));
  CHECK(right({put_op{"a", "new", put_when::absent}}, {2, {std::int64_t{0}}}));
  CHECK(!right({put_op{"a", "new", put_when::absent}}, {0, {std::int64_t{0}}})); // not there yet
  CHECK(right({add_op{"a", 1}}, {2, {op_refusal::not_an_integer}}));
  CHECK(!right({put_op{"a", "new", put_when::absent}}, {2, {std::int64_t{1}}}));
}

TEST_CASE_FIXTURE(judged_log, "a condition must hold where the write is") {
  add({{create, "a", "1"}});
  add({{update, "a", "2"}});
  CHECK(!right({add_op{"a", 1}}, {2, {std::int64_t{2}}}, {{"a", 0}}));
  CHECK(right({add_op{"a", 1}}, {2, {std::int64_t{2}}}, {{"a", 1}, {"none", 0}}));
}
