// SPDX-License-Identifier: Apache-2.0
#include "actors/lookup/common_history.hpp"
#include "messages/limits.hpp"
#include "tests/actors/lookup/lookup_world.hpp"

using namespace argentum;
using namespace argentum::test;
using actors::common_history;

namespace {

struct replica_log {
  position apply(const std::string& value) {
    REQUIRE(store->apply({log.put("k", value)}, false));
    return store->report().applied;
  }
  common_history::extent with(const std::vector<position>& trail, index_t wanted) {
    auto found = history.with(trail, wanted, view);
    REQUIRE(found);
    return *found;
  }
  void cut_log() { REQUIRE(store->truncate_log({std::chrono::seconds{0}, 1}, store->report().applied.index)); }

  log_maker log;
  std::unique_ptr<storage::store> store = make_store(instance_role::replica);
  std::shared_ptr<const storage::read_view> view = store->view();
  common_history history;
};

} // namespace

TEST_CASE_FIXTURE(replica_log, "a proxy ahead is common up to the newest position that we have reached") {
  auto first = apply("1");
  auto second = apply("2");
  position ahead{1, 9, 99};
  auto found = with({first, second, ahead}, 9);
  CHECK(found.upto == 2);
  CHECK(found.beyond == lookup_answer{lookup_status::behind, 2, ""});
  CHECK(with({first, ahead}, 1).upto == 1);
}

TEST_CASE_FIXTURE(replica_log, "what is older than the log is pruned, unless it was found to be common before") {
  auto known = apply("1");
  auto unknown = apply("2");
  CHECK(with({known}, 1).upto == 1);
  for (int i = 0; i < 40; ++i) apply("more");
  cut_log();
  CHECK(store->report().log_base > 2);
  CHECK(with({known}, 1).upto == 1);
  auto found = with({unknown}, 2);
  CHECK(found.upto == 0);
  CHECK(found.beyond.status == lookup_status::pruned);
}

TEST_CASE_FIXTURE(replica_log, "what was found of a log says nothing about the one that replaces it") {
  auto old = apply("old");
  CHECK(with({old}, 1).upto == 1);
  replica_log other;
  other.apply("new");
  view = other.view;
  CHECK(with({old}, 1).upto == 0);
  CHECK(with({old}, 1).beyond.status == lookup_status::diverged);
}

TEST_CASE_FIXTURE(replica_log, "an epoch of its own is another log") {
  auto mine = apply("1");
  ++mine.epoch;
  CHECK(with({mine}, 1).beyond.status == lookup_status::diverged);
}

TEST_CASE_FIXTURE(replica_log, "what is remembered is bounded, and what is used stays longest") {
  auto kept = apply("1");
  with({kept}, 1);
  for (std::size_t i = 0; i < limits::common_positions_max; ++i) {
    auto now = apply(std::to_string(i));
    with({now}, now.index);
    with({kept}, 1);
  }
  auto dropped = *store->view()->check({});
  CHECK(dropped.head.index == limits::common_positions_max + 1);
  cut_log();
  CHECK(with({kept}, 1).upto == 1);
  CHECK(with({{1, 2, 0}}, 2).beyond.status == lookup_status::pruned);
}
