// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/tree.hpp"

#include <doctest/doctest.h>

using namespace argentum;

namespace {

/// Sends without running anything; the outcome is appended to `log`.
void send(test::tree& t, std::vector<write_op> ops, std::vector<caf::expected<write_result>>& log) {
  caf::anon_send(t.at("root").sequencer,
                 write_command{std::move(ops), reply_to<write_result>{[&log](caf::expected<write_result> answer) {
                                 log.push_back(std::move(answer));
                               }}});
}

} // namespace

TEST_CASE("a write is answered with its index when it is readable and durable") {
  test::tree t;
  t.add("root");
  CHECK(t.put("root", "k", "1") == 1);
  CHECK(t.value("root", "k") == "1");
  CHECK(t.at("root").metrics->durable_index.value() == 1);
  CHECK(t.at("root").faults->synced_applies == 1);
  CHECK(t.put("root", "", "empty key") == 2);
  CHECK(t.value("root", "") == "empty key");
}

TEST_CASE("a write that changes nothing adds no entry and answers with the index it reads at") {
  test::tree t;
  t.add("root");
  t.put("root", "k", "1");
  t.put("root", "other", "1");
  CHECK(t.put("root", "k", "1") == 2);
  CHECK(t.write("root", {remove_op{"absent"}})->answers == std::vector<op_answer>{std::int64_t{0}});
  CHECK(t.applied("root") == 2);
  CHECK(t.at("root").metrics->writes_noop.value() == 2);
  CHECK(t.write("root", {put_op{"k", "1"}, put_op{"new", "x"}})->index == 3);
}

TEST_CASE("all writes that wait share one sync") {
  test::tree t;
  t.add("root");
  t.system.settle();
  std::vector<caf::expected<write_result>> log;
  for (int i = 0; i < 1000; ++i) send(t, {put_op{"k" + std::to_string(i), "v"}}, log);
  t.system.settle();
  REQUIRE(log.size() == 1000);
  CHECK(log.back()->index == 1000);
  CHECK(t.at("root").faults->synced_applies <= 3);
  CHECK(t.at("root").metrics->writes.value() == 1000);
}

TEST_CASE("a write is decided against the writes before it, committed or not") {
  test::tree t;
  t.add("root");
  std::vector<caf::expected<write_result>> log;
  send(t, {put_op{"k", "1"}}, log);
  send(t, {put_op{"k", "1"}}, log);
  send(t, {remove_op{"k"}}, log);
  send(t, {remove_op{"k"}}, log);
  send(t, {put_op{"k", "1"}}, log);
  t.system.settle();
  REQUIRE(log.size() == 5);
  std::vector<index_t> indexes;
  std::vector<op_answer> answers;
  for (const auto& each : log) {
    indexes.push_back(each->index);
    answers.push_back(each->answers.at(0));
  }
  CHECK(indexes == std::vector<index_t>{1, 1, 2, 2, 3});
  using n = std::int64_t;
  CHECK(answers == std::vector<op_answer>{n{1}, n{1}, n{1}, n{0}, n{1}});
  CHECK(t.at("root").metrics->key_count.value() == 1);
}

TEST_CASE("a batch of writes is decided in order and committed as one group") {
  test::tree t;
  t.add("root");
  t.put("root", "old", "1");
  t.system.settle();
  auto groups = t.at("root").faults->synced_applies;
  std::vector<caf::expected<write_result>> log;
  write_batch batch;
  for (write_op op :
       std::vector<write_op>{put_op{"old", "1"}, put_op{"old", "2"}, add_op{"old", 5}, remove_op{"new"},
                             put_op{"new", "x", put_when::absent}, put_op{"old", "1", put_when::absent}})
    batch.writes.push_back(
        {{std::move(op)}, reply_to<write_result>{[&](auto answer) { log.push_back(std::move(answer)); }}});
  caf::anon_send(t.at("root").sequencer, std::move(batch));
  t.system.settle();
  REQUIRE(log.size() == 6);
  CHECK(t.value("root", "old") == "7");
  CHECK(t.value("root", "new") == "x");
  CHECK(t.applied("root") == 4);
  CHECK(t.at("root").faults->synced_applies == groups + 1);
}

TEST_CASE("counters that many raise at once, committed or not, lose no step") {
  test::tree t;
  t.add("root");
  std::vector<caf::expected<write_result>> log;
  for (int i = 0; i < 300; ++i) {
    send(t, {add_op{"n", 1}}, log);
    if (i % 7 == 0) t.system.settle();
  }
  t.system.settle();
  REQUIRE(log.size() == 300);
  for (std::int64_t i = 0; i < 300; ++i) CHECK(log[static_cast<std::size_t>(i)]->answers.at(0) == op_answer{i + 1});
  CHECK(t.value("root", "n") == "300");
}

TEST_CASE("a watched key that a pending entry has written is out of date, whatever the disk still says") {
  test::tree t;
  t.add("root");
  auto first = t.put("root", "k", "1");
  std::vector<caf::expected<write_result>> log;
  auto watching = [&](index_t version) {
    caf::anon_send(t.at("root").sequencer,
                   write_command{{put_op{"k", "mine"}},
                                 reply_to<write_result>{[&](auto answer) { log.push_back(std::move(answer)); }},
                                 {{"k", version}}});
  };
  send(t, {put_op{"k", "2"}}, log);
  watching(first);
  watching(first + 1);
  t.system.settle();
  REQUIRE(log.size() == 3);
  CHECK(log[0].error() == errc::out_of_date); // told at once
  CHECK(log[1]->index == first + 1);
  CHECK(log[2]->index == first + 2);
  CHECK(t.value("root", "k") == "mine");
}

TEST_CASE("a commit that fails answers all writes built on it with the error, and nothing is half applied") {
  test::tree t;
  auto& root = t.add("root");
  t.put("root", "k", "1");
  root.faults->apply = errc::disk_full;
  std::vector<caf::expected<write_result>> log;
  send(t, {put_op{"k", "2"}}, log);
  send(t, {put_op{"k", "2"}}, log); // changes nothing if the first is committed
  send(t, {put_op{"l", "3"}}, log);
  t.system.settle();
  REQUIRE(log.size() == 3);
  for (const auto& each : log) CHECK(each.error() == errc::disk_full);
  CHECK(t.value("root", "k") == "1");
  CHECK(t.value("root", "l").empty());
  root.faults->apply = errc::none; // space again: goes on without a restart
  CHECK(t.put("root", "k", "2") == 2);
  CHECK(t.value("root", "k") == "2");
}

TEST_CASE("too large is refused, too much at once is overloaded, and both leave the rest alone") {
  test::tree t;
  t.add("root");
  CHECK(t.write("root", {put_op{"k", std::string(limits::value_bytes_max + 1, 'x')}}).error() == errc::too_large);
  CHECK(t.write("root", {put_op{std::string(limits::key_bytes_max + 1, 'k'), ""}}).error() == errc::too_large);
  std::string large(limits::value_bytes_max, 'x');
  CHECK(t.write("root", {put_op{"a", large}, put_op{"b", large}, put_op{"c", large}}).error() == errc::too_large);
  std::vector<caf::expected<write_result>> log;
  caf::scheduler::test_coordinator& scheduler =
      dynamic_cast<caf::scheduler::test_coordinator&>(t.system.system().scheduler());
  auto not_store = [&](caf::resumable* job) { return job == t.at("root").sequencer_job(); };
  for (int i = 0; i < 12; ++i) send(t, {put_op{"k" + std::to_string(i), large}}, log);
  scheduler.run_jobs_filtered(not_store); // the disk takes nothing meanwhile
  CHECK(t.at("root").metrics->write_overloaded.value() > 0);
  auto refused = log.size();
  CHECK(refused >= 3);
  for (const auto& each : log) CHECK(each.error() == errc::overloaded);
  t.system.settle();
  REQUIRE(log.size() == 12);
  CHECK(t.applied("root") == 12 - refused);
}

TEST_CASE("a root goes on after a restart where its log ended") {
  test::tree t;
  t.add("root");
  t.put("root", "k", "1");
  t.stop("root");
  t.start("root");
  CHECK(t.put("root", "k", "2") == 2);
}

TEST_CASE("told to exit, the sequencer still commits what it accepted") {
  test::tree t;
  t.add("root");
  t.system.settle();
  std::vector<caf::expected<write_result>> log;
  send(t, {put_op{"k", "1"}}, log);
  send(t, {put_op{"l", "1"}}, log);
  dynamic_cast<caf::scheduler::test_coordinator&>(t.system.system().scheduler()).try_run_once();
  t.system.stop(t.at("root").sequencer);
  REQUIRE(log.size() == 2);
  CHECK(log[0]->index == 1);
}
