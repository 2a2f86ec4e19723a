// SPDX-License-Identifier: Apache-2.0
#include "actors/write/read_ahead.hpp"
#include "messages/chain.hpp"
#include "messages/entry_codec.hpp"
#include "storage/memory_store.hpp"

#include <doctest/doctest.h>

using namespace argentum;
using namespace argentum::actors;

namespace {

/// A replica in memory that holds `pairs`, written by entry 1.
std::unique_ptr<storage::memory_store> store_of(const std::vector<std::pair<std::string, std::string>>& pairs) {
  auto out = std::make_unique<storage::memory_store>(std::make_shared<storage::memory_image>(),
                                                     storage::window_limits{std::chrono::microseconds{0}, 0});
  entry made{1, 1, {}, {}};
  for (const auto& [key, value] : pairs) made.mutations.push_back({mutation_kind::create, key, value});
  auto bytes = encode_entry(made);
  auto chain = extend_chain(0, bytes);
  REQUIRE(out->adopt({1, 2}));
  REQUIRE(out->apply({log_record{1, chain, std::move(bytes)}}, true, {}));
  return out;
}

std::vector<write_command> commands(std::vector<write_op> ops) {
  std::vector<write_command> out;
  for (auto& op : ops) out.push_back({{std::move(op)}, {}});
  return out;
}

} // namespace

TEST_CASE("the keys of a batch are known once each, those of pending entries are not read") {
  auto store = store_of({{"a", "1"}, {"b", "2"}, {"p", "old"}});
  pending_overlay pending;
  pending.add(2, {{mutation_kind::update, "p", "new"}});
  auto writes = commands({put_op{"a", "x"}, remove_op{"b"}, add_op{"no", 1}, put_op{"p", "x"}, put_op{"a", "y"},
                          put_all_absent_op{{{"c", "1"}}}});
  read_ahead ahead;
  ahead.read(*store->view(), writes, pending);
  auto a = ahead.take("a");
  REQUIRE(a);
  CHECK(a->value == "1");
  CHECK(a->version == 1);
  CHECK_FALSE(ahead.take("a"));
  CHECK(ahead.take("b")->value == "2");
  CHECK_FALSE(ahead.take("no")->value);
  CHECK_FALSE(ahead.take("p"));
  CHECK_FALSE(ahead.take("c"));
}

TEST_CASE("values that are too large in all are not read ahead, nor is a single write") {
  std::string half(limits::read_ahead_bytes / 2 + 1, 'x');
  auto store = store_of({{"a", half}, {"b", half}});
  read_ahead ahead;
  auto writes = commands({put_op{"a", "1"}, put_op{"b", "1"}});
  ahead.read(*store->view(), writes, {});
  CHECK_FALSE(ahead.take("a"));
  CHECK_FALSE(ahead.take("b"));
  ahead.read(*store->view(), std::span{writes}.first(1), {});
  CHECK_FALSE(ahead.take("a"));
}
